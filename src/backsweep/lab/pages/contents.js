/** The pages of the lab, in the order of the menu. A page is fetched when it is opened. */

/** @type {readonly import("./shared/page.js").Entry[]} */
export const PAGES = [
  {
    name: "curve",
    title: "Training curve",
    summary: "See one small network learn, forward and backward in time.",
    load: async () => (await import("./curve/page.js")).page,
  },
  {
    name: "symmetry",
    title: "Symmetry",
    summary: "See two units turn into a mirror detector.",
    load: async () => (await import("./symmetry/page.js")).page,
  },
  {
    name: "families",
    title: "Family trees",
    summary: "See a network find out what people have in common, and lesion it.",
    load: async () => (await import("./families/page.js")).page,
  },
  {
    name: "plane",
    title: "Points",
    summary: "See what each unit says over a plane of points, given or drawn.",
    load: async () => (await import("./plane/page.js")).page,
  },
  {
    name: "data",
    title: "Your data",
    summary: "Let a network learn a table of your own.",
    load: async () => (await import("./data/page.js")).page,
  },
  {
    name: "ensembles",
    title: "Ensembles",
    summary: "Map where networks learn, and zoom into the edge.",
    load: async () => (await import("./ensembles/page.js")).page,
  },
  {
    name: "records",
    title: "Records",
    summary: "Open what was learned before.",
    load: async () => (await import("./records/page.js")).page,
  },
];
