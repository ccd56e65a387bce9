/**
 * The messages between the pages and the server, mirrored from `messages.py`.
 * Written by `python -m backsweep.lab.mirror`: change them there.
 */

/**
 * What the server is.
 * @typedef {Object} About
 * @property {string} version
 * @property {Limits} limits
 */

/**
 * Where an array lies behind its message, in little-endian order.
 * @typedef {Object} ArrayPlace
 * @property {string} name
 * @property {"float32" | "uint16" | "int32"} dtype
 * @property {readonly (number)[]} shape
 * @property {number} offset Bytes from the beginning of the arrays.
 */

/**
 * Begin a piece of long work under a name of the page's choice.
 * @typedef {Object} Begin
 * @property {"begin"} kind
 * @property {string} id
 * @property {MoreStarts | LearnTable} work
 */

/**
 * The weights of a link, or the biases of a layer, among the parameters.
 * @typedef {Object} Block
 * @property {string} layer
 * @property {string | null} source The sending layer; none for biases.
 * @property {number} start
 * @property {readonly (number)[]} shape (n_to, n_from), or (n_to,).
 */

/**
 * Let a piece of long work be.
 * @typedef {Object} Cancel
 * @property {"cancel"} kind
 * @property {string} id
 */

/**
 * A whole run. The arrays behind it have a row for each sweep from 0 to the last. `error` (n_sweeps), `weights`, `change`, `dE_dw` (n_sweeps, n_parameters), `dE_dw_by_case` (n_sweeps, n_cases, n_parameters), `y`, `x`, `dE_dy`, `dE_dx` (n_sweeps, n_cases, n_units) over the hidden and the output units, and `plane` (n_sweeps, n_slices, n_units, side, side): 65,535 times each unit's output over the unit square of the first two inputs, the second one upward from the first row, a slice for each value of a third input.
 * @typedef {Object} Curve
 * @property {CurveSettings} settings
 * @property {readonly (Layer)[]} layers
 * @property {readonly (Block)[]} blocks
 * @property {readonly (string)[]} case_names
 * @property {readonly (readonly (number)[])[]} inputs
 * @property {readonly (readonly (number)[])[]} desired
 * @property {"learned" | "stuck" | "diverged"} outcome
 * @property {number} learned_at The sweep of learning; 0 where none.
 * @property {number} diverged_at The sweep of divergence; 0 where none.
 * @property {Marks} marks
 * @property {boolean} separable Whether one straight line would do.
 * @property {string} python The same run from Python.
 * @property {readonly (ArrayPlace)[]} arrays
 */

/**
 * A run that is to be kept as one HTML file, and the state in which it opens.
 * @typedef {Object} CurveFile
 * @property {CurveSettings} settings
 * @property {string} state
 */

/**
 * The settings of a run of the training curve: what the page's controls say.
 * @typedef {Object} CurveSettings
 * @property {"xor" | "and" | "or" | "nand" | "xnor" | "parity:3"} task
 * @property {number} hidden
 * @property {number} epsilon
 * @property {number} alpha
 * @property {number} start Half the range.
 * @property {"sweep" | "case"} update
 * @property {number} seed
 * @property {number} run
 */

/**
 * What would be learned: the network, the settings, and how else to have it.
 * @typedef {Object} DataPlan
 * @property {string} about
 * @property {string} network In the notation, without the names of units.
 * @property {readonly (LayerPlan)[]} layers
 * @property {number} parameters
 * @property {number} cases
 * @property {number} held_out
 * @property {number} epsilon
 * @property {number} alpha
 * @property {number} decay
 * @property {number} start
 * @property {string} error
 * @property {string} criterion
 * @property {number} sweeps
 * @property {readonly (string)[]} warnings
 * @property {string} python
 * @property {string} command
 */

/**
 * What is learned from a table, and how; None stands for the table's own recipe.
 * @typedef {Object} DataSettings
 * @property {string} table
 * @property {readonly (number)[]} predict
 * @property {readonly (number)[]} leave
 * @property {readonly (number)[]} classes
 * @property {string} network
 * @property {number} hold_out
 * @property {"refuse" | "drop" | "mean"} missing
 * @property {number | null} epsilon
 * @property {number | null} alpha
 * @property {number | null} decay
 * @property {number | null} start
 * @property {"squared" | "cross-entropy" | null} error
 * @property {"sweep" | "case"} update
 * @property {number | null} sweeps
 * @property {number} seed
 * @property {number} runs
 */

/**
 * The end of a piece of work: its result, or none where it was cancelled.
 * @typedef {Object} Done
 * @property {"done"} kind
 * @property {string} id
 * @property {Tally | LearnedSoFar | null} result
 */

/**
 * What many runs came to. Behind it lie `recorded` (n_recorded) sweeps, `quantiles` (n_levels, n_recorded) of the error, `learned_at`, `diverged_at`, `right`, `held_out_right` and `final_error` (n_runs).
 * @typedef {Object} Ensemble
 * @property {string} task
 * @property {string} about
 * @property {string} network
 * @property {readonly (LayerPlan)[]} layers
 * @property {number} parameters
 * @property {number} first The number of the first run.
 * @property {number} runs
 * @property {number} seed
 * @property {string} engine
 * @property {string} version
 * @property {readonly ([string, string])[]} settings As names and values.
 * @property {number} sweeps
 * @property {number} learned
 * @property {number} stuck
 * @property {number} diverged
 * @property {number} unfinished
 * @property {number} low Lower end of the 95 % interval of the share.
 * @property {number} high
 * @property {number} cases
 * @property {number} held_out
 * @property {number | null} guessing Share right for one answer to all.
 * @property {readonly (number)[]} levels
 * @property {readonly (ArrayPlace)[]} arrays
 */

/**
 * The first message of a page: the token from the opened address.
 * @typedef {Object} Hello
 * @property {"hello"} kind
 * @property {string} token
 */

/**
 * A layer, bottom to top, with the names of its units.
 * @typedef {Object} Layer
 * @property {string} name
 * @property {readonly (string)[]} units
 */

/**
 * A layer of a network that is to be, and what it hears from.
 * @typedef {Object} LayerPlan
 * @property {string} name
 * @property {number} size
 * @property {string} activation
 * @property {readonly (string)[]} sources
 * @property {readonly (string)[]} units Their names, at most twelve.
 */

/**
 * Long work: learn a table.
 * @typedef {Object} LearnTable
 * @property {"learn table"} work
 * @property {DataSettings} settings
 */

/**
 * How far the runs of a table have come, and the first one's error by now.
 * @typedef {Object} LearnedSoFar
 * @property {number} runs
 * @property {number} learned
 * @property {number} diverged
 * @property {number} finished
 * @property {number} sweep That the first run has come to.
 * @property {readonly (number)[]} sweeps
 * @property {readonly (number)[]} errors At these sweeps.
 */

/**
 * What one request may ask for at most.
 * @typedef {Object} Limits
 * @property {number} work Cases times sweeps times parameters times runs.
 * @property {number} body_bytes Bytes of one request.
 * @property {number} table_bytes Bytes of a table.
 * @property {number} table_rows
 * @property {number} table_columns
 * @property {number} parameters Weights and biases of a network for a table.
 * @property {number} jobs Pieces of long work that one page may have open.
 */

/**
 * Where an error lingers and where it falls, in sweeps; none where it does not.
 * @typedef {Object} Marks
 * @property {[number, number] | null} plateau
 * @property {[number, number] | null} drop
 */

/**
 * Long work: let very many starts learn, and count.
 * @typedef {Object} MoreStarts
 * @property {"more starts"} work
 * @property {CurveSettings} settings
 * @property {number} runs
 */

/**
 * One run of many, after a sweep. Behind it lie `recorded` and `error` (n_recorded) over all its sweeps, `traced` (n_traced) sweeps with `trace` (n_traced, 4): error of the learning and of the held-out cases, and the shares of them that are right; `parameters` (n_parameters); and over the cases that are shown, sorted by their answer, `y` (n_units, n_cases) of the units above the inputs, `right` and `held_out` (n_cases).
 * @typedef {Object} OneRun
 * @property {number} run
 * @property {"learned" | "stuck" | "diverged" | "unfinished"} outcome
 * @property {number} learned_at
 * @property {number} diverged_at
 * @property {number} sweep
 * @property {number} sweeps Carried out.
 * @property {number} right
 * @property {number} held_out_right
 * @property {readonly (LayerPlan)[]} layers
 * @property {readonly (string)[]} unit_names Above the inputs.
 * @property {readonly (string)[]} input_names
 * @property {readonly (Block)[]} blocks
 * @property {readonly (string)[]} cases
 * @property {readonly (string)[]} wanted Case by case, in the table's words.
 * @property {readonly (string)[]} answered
 * @property {boolean} is_class Whether answers are classes.
 * @property {string} curve_page The run on the page of training curves.
 * @property {readonly (ArrayPlace)[]} arrays
 */

/**
 * A thousand runs from other starts. Behind it lie `quantiles` (n_levels, n_sweeps) of the error, `error` (n_runs, n_recorded) of each run at `recorded`, `learned_at` and `diverged_at` (n_runs): 0 where it did not.
 * @typedef {Object} Others
 * @property {CurveSettings} settings
 * @property {number} first The number of the first of the runs.
 * @property {number} runs
 * @property {readonly (number)[]} levels
 * @property {readonly (number)[]} recorded
 * @property {number} learned
 * @property {number} stuck
 * @property {number} diverged
 * @property {number} faster How many learned in fewer sweeps than this run.
 * @property {readonly (ArrayPlace)[]} arrays
 */

/**
 * How far a piece of work has come, with what is known by now.
 * @typedef {Object} Progress
 * @property {"progress"} kind
 * @property {string} id
 * @property {number} done
 * @property {number} total
 * @property {Tally | LearnedSoFar} so_far
 */

/**
 * A run of a record, after a sweep.
 * @typedef {Object} RecordAsked
 * @property {string} name Of a file in the folder.
 * @property {number} run
 * @property {number} sweep
 */

/**
 * A record of the folder; `damage` says in a sentence what is wrong with it.
 * @typedef {Object} RecordLine
 * @property {string} name
 * @property {string} changed The date of its files.
 * @property {string} task
 * @property {string} network
 * @property {number} runs
 * @property {number} learned
 * @property {number} stuck
 * @property {number} diverged
 * @property {number} unfinished
 * @property {string} version
 * @property {string | null} damage
 */

/**
 * The records of the folder, the latest first.
 * @typedef {Object} Records
 * @property {string} folder
 * @property {readonly (RecordLine)[]} records
 * @property {number} more How many are not listed, there being so many.
 */

/**
 * Why something was not done, in a sentence, and what to do about it.
 * @typedef {Object} Refused
 * @property {"refused"} kind
 * @property {string | null} id The work it is about.
 * @property {string} message
 * @property {string | null} hint
 */

/**
 * A run of what was learned from a table, after a sweep.
 * @typedef {Object} RunAsked
 * @property {DataSettings} settings
 * @property {number} run
 * @property {number} sweep
 */

/**
 * What was learned from a table, to be saved among the records.
 * @typedef {Object} SaveAsked
 * @property {DataSettings} settings
 * @property {string} name Of a file in the folder.
 */

/**
 * The record that was saved.
 * @typedef {Object} Saved
 * @property {string} name
 */

/**
 * A column of a table: what it holds.
 * @typedef {Object} TableColumn
 * @property {string} name
 * @property {"numbers" | "classes"} kind As it is read by itself.
 * @property {number} present Rows that have a value.
 * @property {number} different Different values among them.
 * @property {boolean} names_cases Whether each row has a word of its own.
 * @property {readonly (string)[]} first The values of the first rows.
 * @property {number | null} low Of numbers, the least.
 * @property {number | null} high
 * @property {readonly (number)[]} bars Rows by class, or by twelfths of range.
 * @property {readonly (string)[]} words The commonest classes, bar by bar.
 */

/**
 * A table that was handed in, column by column. The server holds it in memory.
 * @typedef {Object} TableSeen
 * @property {string} table What to call it from now on.
 * @property {string} name
 * @property {number} rows
 * @property {readonly (TableColumn)[]} columns
 */

/**
 * How many of many starts learned by now, and after how many sweeps.
 * @typedef {Object} Tally
 * @property {number} runs
 * @property {number} learned
 * @property {number} stuck
 * @property {number} diverged
 * @property {number} low Lower end of the 95 % interval of the share.
 * @property {number} high Upper end of it.
 * @property {readonly (number)[]} edges Of the bins, in sweeps.
 * @property {readonly (number)[]} counts Runs that learned in each bin.
 */

/**
 * The server's answer to a hello.
 * @typedef {Object} Welcome
 * @property {"welcome"} kind
 * @property {About} about
 */
export {};
