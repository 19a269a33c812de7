/**
 * What judges and what tells: half of the program, and nothing of it is needed before AWS has answered. The Lambda loads this
 * file while it waits for that.
 */
export { isWorthTelling } from '../diagnose/recovery.ts';
export { chatCard } from '../render/chat.ts';
export { toMessage } from '../render/message.ts';
export { renderOneLine } from '../render/one-line.ts';
export { renderTerminal } from '../render/terminal.ts';
export { snapshotDiagnosis } from './cli/snapshot-diagnosis.ts';
