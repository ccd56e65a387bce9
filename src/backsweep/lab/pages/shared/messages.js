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
 * @property {MoreStarts} work
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
 * The end of a piece of work: its result, or none where it was cancelled.
 * @typedef {Object} Done
 * @property {"done"} kind
 * @property {string} id
 * @property {Tally | null} result
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
 * What one request may ask for at most.
 * @typedef {Object} Limits
 * @property {number} work Cases times sweeps times parameters times runs.
 * @property {number} body_bytes Bytes of one request.
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
 * @property {Tally} so_far
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
