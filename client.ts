/**
 * Fresh's client entry: what every page loads in the browser. Nothing yet, so pages without islands load no
 * script at all; style sheets and scripts that every page shall have are imported here.
 *
 * @module
 */

export {};
