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
 * With what a table is learned well; None stands for the table's own recipe.
 * @typedef {Object} Advice
 * @property {string} network
 * @property {number | null} epsilon
 * @property {number | null} alpha
 * @property {number | null} sweeps
 * @property {number} runs
 */

/**
 * Where an array lies behind its message, in little-endian order.
 * @typedef {Object} ArrayPlace
 * @property {string} name
 * @property {"float32" | "uint8" | "uint16" | "int32"} dtype
 * @property {readonly (number)[]} shape
 * @property {number} offset Bytes from the beginning of the arrays.
 */

/**
 * A question: a person, a relation, and all who are right answers.
 * @typedef {Object} Asked
 * @property {string} person
 * @property {string} relation
 * @property {readonly (string)[]} answers
 */

/**
 * Begin a piece of long work under a name of the page's choice.
 * @typedef {Object} Begin
 * @property {"begin"} kind
 * @property {string} id
 * @property {MoreStarts | DrawMap | TakeMap | FamilyStarts | LearnTable | SymmetryStarts} work
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
 * A case in a run of what was learned from a table, by its place in the task.
 * @typedef {Object} CaseAsked
 * @property {DataSettings} settings
 * @property {number} run
 * @property {number} case
 */

/**
 * A whole run. The arrays behind it have a row for each sweep from 0 to the last. `error` (n_sweeps), `weights`, `change`, `dE_dw` (n_sweeps, n_parameters), `dE_dw_by_case` (n_sweeps, n_cases, n_parameters), `y`, `x`, `dE_dy`, `dE_dx` (n_sweeps, n_cases, n_units) over the hidden and the output units, and `plane` (n_sweeps, n_slices, n_units, side, side): 65,535 times each unit's output over the unit square of the first two inputs, the second one upward from the first row, a slice for each value of a third input. Where weights were set by hand there is `untouched` (n_sweeps) too: the error of the run without that.
 * @typedef {Object} Curve
 * @property {CurveAsked} settings
 * @property {readonly (Layer)[]} layers
 * @property {readonly (Block)[]} blocks
 * @property {readonly (string)[]} case_names
 * @property {readonly (readonly (number)[])[]} inputs
 * @property {readonly (readonly (number)[])[]} desired
 * @property {"learned" | "stuck" | "diverged"} outcome After what was last set by hand.
 * @property {number} learned_at The sweep of learning; 0 where none.
 * @property {number} later_at Where it is stuck: the sweep in which it learns if it goes on; 0 where none.
 * @property {number} patience The sweeps up to which that was tried.
 * @property {number} diverged_at The sweep of divergence; 0 where none.
 * @property {Marks} marks
 * @property {boolean} separable Whether one straight line would do.
 * @property {string} python The same run from Python.
 * @property {readonly (ArrayPlace)[]} arrays
 */

/**
 * A run of the training curve, and what is set by hand in its course. From such a sweep on the run learns from the weights as they then are, the change before counting as none.
 * @typedef {Object} CurveAsked
 * @property {"xor" | "and" | "or" | "nand" | "xnor" | "parity:3"} task
 * @property {number} hidden
 * @property {number} epsilon
 * @property {number} alpha
 * @property {number} start Half the range.
 * @property {"sweep" | "case"} update
 * @property {number} seed
 * @property {number} run
 * @property {readonly (WeightSet)[]} by_hand
 */

/**
 * Their errors: behind it lies `mean_squared` (n_runs, n_sweeps).
 * @typedef {Object} CurveErrors
 * @property {readonly (CurveAsked)[]} runs
 * @property {readonly (ArrayPlace)[]} arrays
 */

/**
 * A run that is to be kept as one HTML file, and the state in which it opens.
 * @typedef {Object} CurveFile
 * @property {CurveAsked} settings
 * @property {CurvesAsked | null} beside What it is compared with.
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
 * Runs whose errors are to be compared with that of another.
 * @typedef {Object} CurvesAsked
 * @property {readonly (CurveAsked)[]} runs
 */

/**
 * A run, and a case in it or none, to be kept as one HTML file.
 * @typedef {Object} DataFile
 * @property {DataSettings} settings
 * @property {number} run
 * @property {number | null} case
 * @property {string} state In which a page opens: what stands behind the hash.
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
 * @property {readonly (number)[]} spreads Of each predicted column of numbers the standard deviation over the learning cases, which is 1 for the network; of classes nothing.
 * @property {number | null} held_out_variance Of the one predicted column of numbers over the held-out cases, about their mean, in squares of its spread.
 * @property {readonly (number)[]} plane Columns of numbers that can be the sides of a plane; of several desired columns none.
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
 * @property {Tally | MapPart | Made | FamilyTally | LearnedSoFar | SymmetryTally | null} result
 */

/**
 * Long work: learn over all cells of a map, coarse to fine.
 * @typedef {Object} DrawMap
 * @property {"draw map"} work
 * @property {MapSettings} settings
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
 * A table that comes with the lab.
 * @typedef {Object} Example
 * @property {string} table
 * @property {string} title
 * @property {string} about
 * @property {number | null} noise In percent, where none is asked for; none can be where it is null.
 * @property {boolean} has_classes Whether a class is to be found.
 * @property {readonly ([number, number, number])[]} points Some of its cases: across, up, and the class or the number.
 * @property {Advice} advice
 */

/**
 * The tables that come with the lab, in the order in which one would try them.
 * @typedef {Object} Examples
 * @property {number} most_noise In percent.
 * @property {readonly (Example)[]} examples
 */

/**
 * A whole run with the family trees, at every recorded sweep. `error` (n_sweeps) is the mean squared error of the questions that the run is told; `weights` (n_sweeps, n_parameters); `correlations` (n_sweeps, n_attributes, 6) of the weights from the people into each unit of their code with what people are.
 * @typedef {Object} Families
 * @property {FamilySettings} settings
 * @property {readonly (Relative)[]} people
 * @property {readonly (string)[]} relations
 * @property {readonly (readonly (readonly (string)[])[])[]} couples Of each tree, as they stand from left to right, eldest first.
 * @property {readonly (readonly (string)[])[]} columns Of each nationality, as Fig. 4 of the letter has them.
 * @property {readonly (Asked)[]} questions
 * @property {readonly (number)[]} held_out The questions never told.
 * @property {readonly (Layer)[]} layers
 * @property {readonly (Block)[]} blocks
 * @property {readonly (number)[]} sweeps The sweeps that were recorded.
 * @property {readonly (StageOf)[]} stages
 * @property {number} zone No blame for outputs nearer to the goal.
 * @property {readonly (string)[]} attributes
 * @property {number} carries The |r| above which a unit carries one.
 * @property {"learned" | "stuck" | "diverged"} outcome
 * @property {string} python The same run from Python.
 * @property {readonly (ArrayPlace)[]} arrays
 */

/**
 * What every unit says to every question, at every recorded sweep. `y` (n_sweeps, n_questions, n_units), 65,535 times the output of each unit above the inputs; `right` (n_sweeps, n_questions), 1 where all 24 outputs are on the right side of a half.
 * @typedef {Object} FamilyAnswers
 * @property {LesionSettings} settings
 * @property {readonly (ArrayPlace)[]} arrays
 */

/**
 * A run that is to be kept as one HTML file, and the state in which it opens.
 * @typedef {Object} FamilyFile
 * @property {"learns" | "longer" | "printed"} recipe
 * @property {number} seed
 * @property {number} run
 * @property {string} silent Their numbers in order.
 * @property {number} question
 * @property {string} state
 */

/**
 * One question to a run, told or not.
 * @typedef {Object} FamilyQuestion
 * @property {"learns" | "longer" | "printed"} recipe
 * @property {number} seed
 * @property {number} run
 * @property {string} silent Their numbers in order.
 * @property {number} question
 */

/**
 * The settings of a run with the family trees.
 * @typedef {Object} FamilySettings
 * @property {"learns" | "longer" | "printed"} recipe
 * @property {number} seed
 * @property {number} run
 */

/**
 * One question forward and backward, at every recorded sweep. `x`, `y`, `dE_dy`, `dE_dx` (n_sweeps, n_units) over the units above the inputs, and `dE_dw` (n_sweeps, n_parameters).
 * @typedef {Object} FamilySignals
 * @property {FamilyQuestion} settings
 * @property {readonly (ArrayPlace)[]} arrays
 */

/**
 * Long work: let other starts learn the family trees, with held-out draws.
 * @typedef {Object} FamilyStarts
 * @property {"family starts"} work
 * @property {FamilySettings} settings
 * @property {number} first
 * @property {number} runs
 */

/**
 * What made the last change of each weight, at every recorded sweep. `change`, `slope` and `before` (n_sweeps, n_parameters): the change, the sum of dE/dw over the told questions at the weights that were changed, and the change of the sweep before. The decay of the stage comes after the change.
 * @typedef {Object} FamilySteps
 * @property {FamilySettings} settings
 * @property {readonly (ArrayPlace)[]} arrays
 */

/**
 * What came of the starts that have learned by now, one number each.
 * @typedef {Object} FamilyTally
 * @property {number} first The number of the first of them.
 * @property {number} runs
 * @property {readonly (number)[]} right Of the questions told.
 * @property {readonly (number)[]} held_out_right Of the questions never told.
 * @property {number} mean Of `held_out_right`.
 * @property {number} low Lower end of the 95 % interval of the mean.
 * @property {number} high Upper end of it.
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
 * A run, and the units of the person code that are silenced in it.
 * @typedef {Object} LesionSettings
 * @property {"learns" | "longer" | "printed"} recipe
 * @property {number} seed
 * @property {number} run
 * @property {string} silent Their numbers in order.
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
 * What is being made; once it is done, the ticket with which it is fetched.
 * @typedef {Object} Made
 * @property {string | null} ticket
 * @property {number} size_bytes
 */

/**
 * The cell that learns most surely, and of those the quickest.
 * @typedef {Object} MapBest
 * @property {number} column
 * @property {number} row
 * @property {number} x
 * @property {number} y
 * @property {number} value
 */

/**
 * The runs of one cell. Behind it lie `error` (n_runs, n_recorded): each run's error as a multiple of its first one, NaN once it has diverged; `learned_at` and `diverged_at` (n_runs).
 * @typedef {Object} MapCell
 * @property {number} x
 * @property {number} y
 * @property {number} epsilon
 * @property {number} alpha
 * @property {number | null} edge 2 (1 + alpha) / epsilon: in a bowl as steep as this steps are at their edge. None where layers have steps of their own.
 * @property {number} first The number of the first run.
 * @property {readonly (number)[]} recorded The sweeps of the errors.
 * @property {string} command Its settings, with the first starts of all.
 * @property {string} python Its very runs.
 * @property {readonly (string)[]} links Of each run, the state in which its own page shows it.
 * @property {readonly (ArrayPlace)[]} arrays
 */

/**
 * Which cell of a map is asked for: of a level, counted from the lower left.
 * @typedef {Object} MapCellWanted
 * @property {MapSettings} settings
 * @property {number} level
 * @property {number} column
 * @property {number} row
 */

/**
 * A map that is done, as a page that was saved as one file carries it. Behind it lies `values` (n_kinds, cells, cells): what `MapPart` has, of all columns.
 * @typedef {Object} MapFinished
 * @property {MapSettings} settings
 * @property {MapPlan} plan
 * @property {MapSummary} summary
 * @property {[number, number] | null} cell Whose errors are in the file.
 * @property {readonly (ArrayPlace)[]} arrays
 */

/**
 * Some columns of a map, as they are done. `values` are those of float32 numbers in base 64, (n_kinds, columns, level): the share that learned, the median of their sweeps and the share that diverged, or the measure of convergence alone.
 * @typedef {Object} MapPart
 * @property {number} level Cells along a side.
 * @property {number} first The first of the columns.
 * @property {number} columns
 * @property {string} values
 * @property {MapSummary | null} summary With the last part of all.
 */

/**
 * What drawing a map will come to, before anything has learned.
 * @typedef {Object} MapPlan
 * @property {readonly (number)[]} levels Cells along a side, coarse to fine.
 * @property {number} runs In all cells of the finest level.
 * @property {number} epsilon What holds where it is not varied.
 * @property {number} alpha
 * @property {number | null} start None where the task gives the start.
 * @property {string} engine
 * @property {number} networks That learn until it is drawn, over all levels.
 * @property {number} seconds That this takes here, about; 0 where it is known.
 * @property {readonly (readonly (number)[])[]} intervals Of the share where so many of a cell's runs learned: 95 %, Wilson.
 * @property {boolean} opens Whether a network of it has a page of its own.
 * @property {string} command The same map from the command line.
 * @property {string} python The same map from Python.
 */

/**
 * What a map is of: two settings that are varied, and all that is not.
 * @typedef {Object} MapSettings
 * @property {"xor" | "and" | "or" | "nand" | "xnor" | "parity:3" | "encoder:8-3" | "symmetry" | "trainability:8" | "trainability:16"} task
 * @property {MapSide} x
 * @property {MapSide} y
 * @property {"share" | "median" | "convergence"} show
 * @property {16 | 32 | 64 | 128 | 256 | 512} cells Along each side.
 * @property {number} runs To a cell.
 * @property {number} sweeps
 * @property {number} seed
 * @property {number} hidden Of the small tasks of logic.
 * @property {number | null} epsilon None: the task's own.
 * @property {number | null} alpha
 * @property {number | null} start
 * @property {number} decay
 * @property {"sweep" | "case"} update
 */

/**
 * A setting that a map varies, and from where to where: the edges of the map.
 * @typedef {Object} MapSide
 * @property {"epsilon" | "alpha" | "start" | "decay" | "rate of hidden" | "rate of output"} setting
 * @property {number} low Logarithm to base 10, but of alpha alpha itself.
 * @property {number} high
 */

/**
 * What came of all cells.
 * @typedef {Object} MapSummary
 * @property {Record<string, number>} counts Cells by how they ended.
 * @property {MapBest | null} best
 * @property {number | null} boundary Share of the squares of 2 x 2 cells that a boundary runs through.
 * @property {number | null} dimension Of the boundary, by counting boxes.
 * @property {number} net_sweeps Sweeps that all networks made together.
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
 * One case in one run, at every moment of the run, as `OneRun` has them. Behind it lie `x` and `y` (n_moments, n_units) of the units above the inputs, and `dE_dy` and `dE_dx` of these, equations 4, 5 and 7; `inputs` (n_in), `desired` (n_out) and `error` (n_moments): all of this case alone, by equation 3 or the measure that is named. Of all learning cases: `change`, `slope` and `before` (n_moments, n_parameters), the last change of each weight, the dE/dw that it was made with, and the change before that, as equation 9 has them; (n_moments, 0) where `step` says why they are not given.
 * @typedef {Object} OneCase
 * @property {number} run
 * @property {number} case
 * @property {string} measure
 * @property {number} epsilon
 * @property {number} alpha
 * @property {number} factor From the error summed over the cases to that of `slope`.
 * @property {string} step Why equation 9 is not given, or nothing.
 * @property {readonly (ArrayPlace)[]} arrays
 */

/**
 * One run of many, whole: all that is seen of it, at every moment that is known. Moments are sweeps, from the start to the run's end. Behind the message lie `moments` (n_moments), their sweeps; `trace` (n_moments, 4): the error of the learning and of the held-out cases, and the shares of them that are right; `parameters` (n_moments, n_parameters), or (n_moments, 0) where those are too many; `recorded` and `error` (n_recorded), the error of the learning cases after so many sweeps, as finely as it was recorded. Over the cases that are shown, sorted by the answer that is wanted: `places` (n_cases) of them in the task, `held_out` (n_cases) and `right` (n_moments, n_cases), 1 or 0; `y` (n_moments, n_units, n_cases), what each unit above the inputs says, as levels from 0 to 65,535 of its layer's range at that moment; these `ranges` (n_moments, n_layers, 2), from what to what, layer by layer above the inputs, NaN where some output was no number; `wanted` (n_cases, n_answers) and `answered` (n_moments, n_cases, n_answers), as `answers` says.
 * @typedef {Object} OneRun
 * @property {number} run
 * @property {"learned" | "stuck" | "diverged" | "unfinished"} outcome
 * @property {number} learned_at
 * @property {number} diverged_at
 * @property {number} sweeps Carried out.
 * @property {number} right
 * @property {number} held_out_right
 * @property {readonly (LayerPlan)[]} layers
 * @property {readonly (string)[]} unit_names Above the inputs.
 * @property {readonly (string)[]} input_names
 * @property {readonly (Block)[]} blocks
 * @property {readonly ([string, string])[]} settings Those of this run that other runs of the record have otherwise.
 * @property {readonly (string)[]} cases The names of those shown.
 * @property {"words" | "numbers" | "outputs" | "units"} answers Places in `words`, numbers of the table, or of output units; of more than eight of these `wanted` has all, and `y` what they say.
 * @property {readonly (string)[]} words
 * @property {readonly (OtherPage)[]} elsewhere Where the same run is shown to the bit, and where not.
 * @property {readonly (ArrayPlace)[]} arrays
 */

/**
 * Another page of the lab that has to do with a run, and whether it shows it.
 * @typedef {Object} OtherPage
 * @property {string} title
 * @property {string} link The state in which it shows this run; or empty.
 * @property {string} why Why it does not, as a sentence; or empty.
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
 * Two columns of numbers over which to look at a table; None: those that tell.
 * @typedef {Object} PlaneAsked
 * @property {DataSettings} settings
 * @property {number | null} across
 * @property {number | null} up
 * @property {number} reach Both sides go this far from 0 at least.
 */

/**
 * A run over a plane, to be kept as one HTML file.
 * @typedef {Object} PlaneFile
 * @property {DataSettings} settings
 * @property {number | null} across
 * @property {number | null} up
 * @property {number} reach Both sides go this far from 0 at least.
 * @property {number} run
 * @property {string} state In which a page opens: what stands behind the hash.
 */

/**
 * A table's cases on a plane. Behind it lie, over the cases of the task, `points` (n_cases, 2), across and up, 0 to 1 over the plane; `wanted` (n_cases): the number of the class, or where between the ends of `scale` the number lies, 0 to 1; `held_out` (n_cases), 1 or 0.
 * @typedef {Object} PlanePoints
 * @property {number} across
 * @property {number} up
 * @property {readonly (number)[]} columns Those that one may choose.
 * @property {[string, string]} names Of the columns across and up.
 * @property {[number, number]} low Where the plane begins.
 * @property {[number, number]} high
 * @property {readonly (string)[]} fixed Columns that stay at their mean.
 * @property {readonly (string)[]} classes None where a number is wanted.
 * @property {[number, number]} scale Of wanted numbers; else 0 to 1.
 * @property {readonly (ArrayPlace)[]} arrays
 */

/**
 * What the units of one run say over the plane, at every moment that is known. Behind it lie `moments` (n_moments), their sweeps; `levels` (n_moments, n_units, side, side), 0 to 65,535 over the unit's range, row by row from below, 0 also where it is no number; `ranges` (n_units, 2), of an output unit that gives a number in that number's own unit; `lines` (n_moments, n_units, 3), w of a hidden unit that hears the columns alone, whose total input is 0 where w[0] a + w[1] b + w[2] is, a and b from 0 to 1; of all others NaN.
 * @typedef {Object} PlaneSheets
 * @property {number} side
 * @property {readonly (number)[]} units Units shown, numbered over the layers above the inputs.
 * @property {readonly (ArrayPlace)[]} arrays
 */

/**
 * How far a piece of work has come, with what is known by now.
 * @typedef {Object} Progress
 * @property {"progress"} kind
 * @property {string} id
 * @property {number} done
 * @property {number} total
 * @property {Tally | MapPart | Made | FamilyTally | LearnedSoFar | SymmetryTally} so_far
 */

/**
 * A record, or one of its runs.
 * @typedef {Object} RecordAsked
 * @property {string} name Of a file in the folder.
 * @property {number} run
 */

/**
 * A case in a run of a record, by its place in the task.
 * @typedef {Object} RecordCaseAsked
 * @property {string} name Of a file in the folder.
 * @property {number} run
 * @property {number} case
 */

/**
 * A run of a record, and a case in it or none, to be kept as one HTML file.
 * @typedef {Object} RecordFile
 * @property {string} name Of a file in the folder.
 * @property {number} run
 * @property {number | null} case
 * @property {string} state In which a page opens: what stands behind the hash.
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
 * One of the 24 people.
 * @typedef {Object} Relative
 * @property {string} name
 * @property {"female" | "male"} sex
 * @property {"English" | "Italian"} nationality
 * @property {number} generation
 * @property {"left" | "middle" | "right"} branch
 * @property {readonly (string)[]} parents
 */

/**
 * A run of what was learned from a table.
 * @typedef {Object} RunAsked
 * @property {DataSettings} settings
 * @property {number} run
 */

/**
 * The same, and which of the runs that learned it.
 * @typedef {Object} RunPlaneAsked
 * @property {DataSettings} settings
 * @property {number | null} across
 * @property {number | null} up
 * @property {number} reach Both sides go this far from 0 at least.
 * @property {number} run
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
 * A stretch of sweeps with settings of its own.
 * @typedef {Object} StageOf
 * @property {number} first
 * @property {number} last
 * @property {number} epsilon
 * @property {number} alpha
 * @property {number} decay
 */

/**
 * A run with the symmetry task, at some hundreds of moments. `error` (n_moments), `weights`, `dE_dw` (n_moments, n_parameters), `dE_dw_by_case` (n_moments, n_cases, n_parameters), `y`, `x`, `dE_dy`, `dE_dx` (n_moments, n_cases, 3) over the hidden and the output units; `change`, `slope` and `before` (n_moments, n_parameters), the last change, dE/dw of all cases at the weights that were changed, and the change of the sweep before; of the weights into each hidden unit `magnitudes` of one side, smallest first, and their `ratios` to the smallest (n_moments, 2, 3), `residual` (n_moments, 2), how far mirror places are from equal and opposite, and `code` (n_moments, 2), the number of an entry of `codes`, or -1.
 * @typedef {Object} Symmetry
 * @property {SymmetrySettings} settings
 * @property {readonly (Layer)[]} layers
 * @property {readonly (Block)[]} blocks
 * @property {readonly (string)[]} case_names
 * @property {readonly (readonly (number)[])[]} inputs
 * @property {readonly (readonly (number)[])[]} desired
 * @property {readonly (number)[]} sweeps The sweep of each moment.
 * @property {readonly (string)[]} codes The codes that have a name.
 * @property {number} limit The sweeps after which a run counts as stuck.
 * @property {number} published The sweeps that the letter's run took.
 * @property {"learned" | "stuck" | "diverged"} outcome
 * @property {number} learned_at The sweep of learning; 0 where none.
 * @property {number} settled_at The sweep from which all answers are within 0.1; 0 where none.
 * @property {number} diverged_at The sweep of divergence; 0 where none.
 * @property {number} later_at The sweep beyond the limit in which it learns; 0 where none.
 * @property {number} patience The sweeps up to which that was tried.
 * @property {Marks} marks
 * @property {string} python The same run from Python.
 * @property {readonly (ArrayPlace)[]} arrays
 */

/**
 * A run that is to be kept as one HTML file, and the state in which it opens.
 * @typedef {Object} SymmetryFile
 * @property {SymmetrySettings} settings
 * @property {SymmetryLot | null} others
 * @property {string} state
 */

/**
 * Starts that have learned already, to be kept with a run among them.
 * @typedef {Object} SymmetryLot
 * @property {number} first
 * @property {readonly (number)[]} learned_at
 * @property {number} diverged
 */

/**
 * The settings of a run that learns to tell symmetric rows.
 * @typedef {Object} SymmetrySettings
 * @property {number} epsilon
 * @property {number} alpha
 * @property {number} start Half the range.
 * @property {number} seed
 * @property {number} run
 */

/**
 * Long work: let other starts learn the symmetry task.
 * @typedef {Object} SymmetryStarts
 * @property {"symmetry starts"} work
 * @property {SymmetrySettings} settings
 * @property {number} first
 * @property {number} runs
 */

/**
 * When the starts that were tried by now had learned, one number each.
 * @typedef {Object} SymmetryTally
 * @property {number} first The number of the first of them.
 * @property {number} runs
 * @property {readonly (number)[]} learned_at In sweeps; 0 where it did not.
 * @property {number} learned
 * @property {number} stuck
 * @property {number} diverged
 * @property {number | null} median Of those that learned.
 * @property {number} sooner How many learned sooner than the letter's run.
 * @property {number} low Lower end of the 95 % interval of the share.
 * @property {number} high Upper end of it.
 */

/**
 * One of the tables that come with the lab.
 * @typedef {Object} TableAsked
 * @property {string} table
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
 * @property {readonly (readonly (string)[])[]} spellings Words that differ in capitals or blanks alone, some groups.
 * @property {string} like_numbers One of its words, where most of them look like numbers.
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
 * Long work: make a map's record, or its page as one HTML file, to be fetched.
 * @typedef {Object} TakeMap
 * @property {"take map"} work
 * @property {"record" | "page"} form
 * @property {MapSettings} settings
 * @property {[number, number] | null} cell
 * @property {string} state
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
 * Fetches what was made. It does so once.
 * @typedef {Object} Ticket
 * @property {string} ticket
 */

/**
 * A weight or a bias that is set by hand once a run has come to a sweep.
 * @typedef {Object} WeightSet
 * @property {number} sweep 0 is the start.
 * @property {number} parameter Its place in the network's order.
 * @property {number} value
 */

/**
 * The server's answer to a hello.
 * @typedef {Object} Welcome
 * @property {"welcome"} kind
 * @property {About} about
 */
export {};
