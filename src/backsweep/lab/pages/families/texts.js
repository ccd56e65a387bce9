/** What the page says about each of its parts, in three levels. */

/** @type {Record<string, import("../shared/levels.js").Text>} */
export const TEXTS = {
  trees: {
    glance: "Two families, built alike. Choose somebody and a relation: the network fills in whom it thinks you mean. Four of its questions it was never told the answer to.",
    depth: "Each of the 24 people is one output [unit]: the trees show its [activity]. An answer is right when everybody who should be named is above one half and nobody else is. Four questions were [held out].",
    maths: "The filling is {y} of the output unit of each person. Right: |y − {d}| < ½ for all 24 of them. The four [held out] questions are drawn from (seed, run) alone.",
  },
  layers: {
    glance: "The question enters on the left. It has to squeeze through a few units in the middle, which makes the network find what people have in common.",
    depth: "Person and relation are each written as a [code] of six units, the twelve in the middle mix them, six more write the answer’s code, and that is spelled out as people. Nobody tells the codes what to mean. Choose a [unit] to read its numbers.",
    maths: "24 + 12 inputs, 6 + 6, 12, 6, 24 outputs, each layer by (1) and (2). Arcs are as wide as the root of |{y} {w}|, the blame on them as the root of |{∂E/∂w|dw}| for this question, rings as the root of |{∂E/∂x|dx}|. Outputs within the [zone] send none.",
  },
  facts: {
    glance: "Every question that has an answer, one mark each. Diamonds were kept secret while it learned: a filled diamond is an answer that it worked out by itself.",
    depth: "People down, relations across; 104 questions. Diamonds are [held out]: the network never saw them, so a right one shows that it can [generalise]. Silence a unit below and see which answers break.",
    maths: "Right: all 24 outputs on the right side of ½. The 100 told questions make up E; the four [held out] take no part in (3) to (9).",
  },
  fields: {
    glance: "Six units must describe everybody. See what each has come to care for: English above, their Italian twins below. Click one to silence it.",
    depth: "The [receptive field] of each unit in the code of the person. Blue excites, orange inhibits. A unit that is one colour above and the other below tells the nationalities apart; one that looks the same in both rows has found what English and Italians share. Click for a [lesion].",
    maths: "{w} from the 24 person units, sides as the root of |w|. Below: Pearson’s r of these weights with nationality, generation (1 to 3), branch (−1, 0, 1) and sex; beyond 0.7 a unit carries it. A [lesion] sets all weights out of the unit to 0, at every sweep.",
  },
  curve: {
    glance: "How many answers are right as time goes by. Drag along it to go through time.",
    depth: "Right answers among those told and those never told. Where the recipe learns, its third stretch has strong [decay], which makes the network forget on purpose: what serves one case wears away, what many share stays. When it is let go, the rest comes back, built on that.",
    maths: "Shares of the 100 and of the 4 at every recorded sweep, with each stage’s ε, α and [decay] as its recipe gives them.",
  },
  starts: {
    glance: "The same lesson from other random beginnings, each with its own four secrets. Most get some of them, few get all: one lucky network proves little.",
    depth: "Each dot is a network from another [start], by how many of its four [held out] questions it answers. The letter reports one network with four of four; here you see how usual that is. Hollow dots did not get all they were told right either.",
    maths: "Runs of this seed, each with its own start and its own draw of four from (seed, run). The interval of the mean is 1.96 standard errors.",
  },
};

/** What to know about each recipe, in one sentence or two. @type {Record<string, import("../shared/levels.js").Text>} */
export const RECIPES = {
  learns: {
    glance: "These settings were found by a long search: the letter’s own do not work as printed.",
    depth: "Found by search: over 2,000 networks, 2.69 of the 4 [held out] questions are answered on average. The letter does not say where its [weights|weight] began, which questions it kept apart or how it scored; its settings as printed do not learn.",
    maths: "Start U(−2.4, 2.4), biases U(−0.3, 0.3), [zone] 0.3, four stages of ε, α and [decay], 3,000 [sweeps|sweep]: 2.69 ± 0.05 of 4 over 2,000 networks, 90 % with all 100 told.",
  },
  longer: {
    glance: "The same idea with more patience: more than three times as long, and a little better at what it was never told.",
    depth: "10,000 [sweeps|sweep]: over 1,008 networks, 2.98 of the 4 [held out] questions are answered on average, and 98 % get all 100 that they are told.",
    maths: "Start U(−2, 2), biases 0, [zone] 0.3, four stages, 10,000 [sweeps|sweep]: 2.98 ± 0.06 of 4 over 1,008 networks, all four in 37 %.",
  },
  printed: {
    glance: "The letter’s settings word for word. Nothing comes of them: every answer fades to no.",
    depth: "The letter’s settings to the letter, and this is what they do: of 1,008 networks none got a single told question right. Something that it does not say, such as where the [weights|weight] began or over what the error was summed, must have been otherwise.",
    maths: "ε 0.005 and α 0.5 for 20 [sweeps|sweep], then 0.01 and 0.9, [decay] 0.2 %, [zone] 0.2, 1,500 sweeps; start U(−0.3, 0.3), which the letter leaves open. 0 of 100 in each of 1,008 networks.",
  },
};
