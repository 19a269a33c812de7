import type { InstanceStatus } from '../../incident/evidence.ts';
import { type TargetPath, timesOutOn } from './target-paths.ts';

/**
 * Those whose health checks end in silence; where none do, those whose health check is on another port and says nothing. A
 * host that is down drops packets as well, and EC2 says so.
 */
export function silentPathsAmong(all: readonly TargetPath[], status: readonly InstanceStatus[]): readonly TargetPath[] {
  const isImpaired = ({ system, instance }: InstanceStatus) => [system.status, instance.status].includes('impaired');
  const impaired = new Set(status.filter(isImpaired).map(({ id }) => id));
  const paths = all.filter(({ target }) => !impaired.has(target.id));
  const silent = paths.filter(({ target, port }) => timesOutOn(target, port));
  if (silent.length > 0) return silent;
  return paths.filter(
    ({ target, port, uses }) =>
      uses.includes('traffic') && target.healthCheckPort !== port && target.state === 'healthy',
  );
}
