/** The pages of the lab, in the order of the menu. */

import { page as curve } from "./curve/page.js";

/** @type {readonly import("./shared/page.js").Page[]} */
export const PAGES = [curve];
