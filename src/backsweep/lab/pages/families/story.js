/** What happens at this sweep, as it would be told: a heading and a sentence, by level. */

/** @typedef {import("./run.js").Run} Run */

/** What the stages of the recipes that learn are called. */
export const STAGES = ["gentle", "learn", "wear away", "let go"];

/** @type {Record<string, import("../shared/run_chapters.js").Chapter>} */
export const CHAPTERS = {
  start: {
    title: "Before learning",
    glance: "The network knows 24 names and 12 words, and nothing of what they mean. It names people at random.",
    depth: "Random [weights|weight]: everybody has a [code], but it means nothing yet. No name looks like another, no relation is known.",
    maths: "Each person is one input unit that is 1: all pairs of people are equally unlike. Whatever likeness the [code] shows later was put there by (6) and (9).",
  },
  gentle: {
    title: "A gentle start",
    glance: "Small steps first, until the worst guesses are gone.",
    depth: "Twenty [sweeps|sweep] with a small [epsilon] and little momentum, as in the letter: 23 of 24 answers are no, and that is learned first.",
    maths: "d is 0 for all but one or two of 24 outputs, so the biases of the output fall first and every y with them.",
  },
  learn: {
    title: "Learning the facts",
    glance: "It is told 100 facts again and again. Errors flow back, and the units in the middle begin to stand for something.",
    depth: "[Blame|blame] from wrong answers flows back through all five layers. To answer with so few units, the [code] of a person has to say what matters: which family, which generation, which side.",
    maths: "By (7) ∂E/∂y reaches the [code] through three layers of w. People who take part in like answers are sent like ∂E/∂x, so their weights grow alike.",
  },
  wear: {
    title: "Forgetting on purpose",
    glance: "Now every connection wears away a little at each step. What only one fact needs is lost; what many facts share stays.",
    depth: "The [decay] is many times as strong. Answers that rest on [weights|weight] of their own are lost again, while what serves many [cases|case] is learned anew as fast as it wears. It is a likely reading, not a proven one.",
    maths: "Each w loses about 1 % a [sweep], and rests only where ε ∂E/∂w = −λ (1 − α) w: where the sum over the [cases|case] holds it up.",
  },
  release: {
    title: "Letting go",
    glance: "The wear stops. The lost answers come back, built on what all of them share, and untold ones come right with them.",
    depth: "Almost no [decay] any more: the told answers return within a few hundred [sweeps|sweep], and rest on the shared [code]. That is why the [held out] ones often come with them.",
    maths: "λ falls to 0.0003: w is free again to follow what is left of ∂E/∂w, from where the third stage has left it.",
  },
  end: {
    title: "Asked what it was never told",
    glance: "Choose a diamond among the questions: nobody ever told it that. If it answers, it has understood how families work.",
    depth: "Whatever it gets right among the [held out] it has worked out from the other 100. So far as its [code] treats Italians as it treats their English twins, what is known of one family helps the other.",
    maths: "The map from (person, relation) to people has to pass through 6 + 6 units. Twins whose [codes|code] differ in little but nationality get like answers: that is what it means to [generalise] here.",
  },
  printed: {
    title: "As printed, it fades",
    glance: "Every answer fades to no. The steps are too small to learn anything before the wear takes it.",
    depth: "The outputs learn that most answers are no, and then nothing more: the [weights|weight] wear away faster than so small an [epsilon] can build them.",
    maths: "With E a sum of squares, ε = 0.01 and 0.2 % of w lost a [sweep], w settles near 0: there each ∂E/∂y of the [codes|code] holds a product of small weights.",
  },
  lesion: {
    title: "With a lesion",
    glance: "You have silenced part of the network. Purple marks are questions that it could answer before.",
    depth: "The silenced [unit] is heard by nobody, at any sweep. What breaks tells what it was good for; much that does not break shows that a [distributed] [code] shares the work.",
    maths: "All w out of the unit are 0, the rest is as it was learned. Compare the broken questions with the unit’s r: they need not agree, for a [correlation] is not a cause.",
  },
};

/**
 * Which chapter a sweep belongs to.
 * @param {Run} run @param {number} sweep @param {boolean} isLesioned
 * @returns {keyof typeof CHAPTERS}
 */
export function chapter(run, sweep, isLesioned) {
  if (isLesioned) return "lesion";
  if (sweep === 0) return "start";
  if (run.message.settings.recipe === "printed") return "printed";
  if (sweep >= run.last) return "end";
  return ["gentle", "learn", "wear", "release"][run.stage(sweep)];
}
