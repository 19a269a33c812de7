import type { Instance } from '../../../incident/evidence.ts';
import { inTable } from '../../../incident/in-table.ts';

/** Who or what took an instance down, as the codes of its StateReason tell (EC2 API, StateReason). */
export function whatStopped({ state, stateReason }: Instance): string {
  if (stateReason === null || stateReason.code === '') return 'AWS gives no reason';
  const { code, message } = stateReason;
  // One code serves StopInstances and TerminateInstances.
  const done = ['terminated', 'shutting-down'].includes(state) ? 'terminated' : 'stopped';
  if (code === 'Client.UserInitiatedShutdown') return `${done} by an API call (${code})`;
  const said = inTable(SAID, code);
  if (said !== undefined) return `${said} (${code})`;
  // The message begins with the code again.
  const rest = message.startsWith(`${code}:`) ? message.slice(code.length + 1).trim() : message;
  return rest === '' || rest === code ? code : `${rest} (${code})`;
}

const SAID: Readonly<Record<string, string>> = {
  'Client.InstanceInitiatedShutdown': 'shut down from inside its operating system',
  'Client.InstanceTerminated': 'terminated before it started',
  'Client.InternalError': 'a client error ended it at launch, such as an encrypted disk whose key may not be used',
  'Client.InvalidSnapshot.NotFound': 'the snapshot of its disk does not exist',
  'Client.UserInitiatedHibernate': 'hibernated by an API call',
  'Client.VolumeLimitExceeded': 'the limit of volumes or of their size was reached',
  'Server.InsufficientInstanceCapacity': 'AWS had no capacity to start it',
  'Server.InternalError': 'an error inside AWS ended it',
  'Server.ScheduledStop': 'stopped by AWS for scheduled maintenance',
  'Server.SpotInstanceShutdown': 'AWS took its Spot capacity back',
  'Server.SpotInstanceTermination': 'AWS took its Spot capacity back',
};
