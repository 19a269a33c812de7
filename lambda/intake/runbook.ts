/** In ASCII, whole on a line of a mail, and without what would end it early there or in mark-up. */
const ADDRESS = /^https:\/\/[\w-]+(\.[\w-]+)*(:\d{1,5})?([/?#][\w\-.~:/?#@!$&()*+,;=%]*)?$/;
const AT_MOST = 200;

export const RUNBOOK = `an https address of at most ${AT_MOST} characters, such as https://wiki.example.com/alb-5xx`;

export function isRunbook(text: string): boolean {
  return text.length <= AT_MOST && ADDRESS.test(text);
}
