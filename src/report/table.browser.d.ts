/** The text of table.browser.js: the script of the page. */
declare const script: string;
export default script;
