/**
 * The contract of a page.
 *
 * A page is a folder with a `page.js` that exports one `Page`; `contents.js` has an
 * entry for each, in the order of the menu. `mount` fills an empty element and gives
 * back what takes it down again. All that a page lets one choose is a key of its
 * schema, so that its address is a link to the same view.
 *
 * @typedef {Object} Entry
 * @property {string} name as the address writes it
 * @property {string} title as the menu shows it
 * @property {string} summary one sentence
 * @property {() => Promise<Page>} load
 */
/**
 * @typedef {Object} Page
 * @property {import("./state.js").Schema} schema its own keys of the state
 * @property {Record<string, import("./levels.js").Text>} texts
 *   its explanations, each in three levels
 * @property {(element: HTMLElement, lab: Lab) => () => void} mount
 */
/**
 * What a page is given.
 * @typedef {Object} Lab
 * @property {import("./state.js").State} state
 * @property {import("./server.js").Line} line for long work
 * @property {(told: (dark: boolean) => void) => () => void} onTheme
 *   called when light turns dark or back; gives what ends that
 */
export {};
