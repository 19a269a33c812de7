import { code, inSeconds, text } from '../../../incident/text.ts';
import { setLoadBalancerAttribute, type TaggedLoadBalancer } from '../../../remedies/load-balancer.ts';
import { fix, look, type Remedy } from '../../../remedies/remedy.ts';
import { DEFAULT_IDLE_TIMEOUT, IDLE_TIMEOUT } from '../../../semantics/traffic/idle-timeout.ts';

/** Enough for a request that is sent just before the load balancer closes the connection itself. */
const MARGIN = 5;

export function keepaliveFixes(
  from: number,
  slowest: number | null,
  loadBalancer: TaggedLoadBalancer,
): readonly Remedy[] {
  const longer = from + MARGIN;
  const inServer = fix(
    text`make the server keep idle connections open for ${inSeconds(longer)} or more, longer than the idle timeout of ${inSeconds(from)}`,
  );
  const byServer = fix(
    text`set the keep-alive timeout: Node.js ${code(`server.keepAliveTimeout = ${longer * 1000}`)}, gunicorn ${code(`--keep-alive ${longer}`)}, uvicorn ${code(`--timeout-keep-alive ${longer}`)}, Apache ${code(`KeepAliveTimeout ${longer}`)}, Tomcat ${code(`keepAliveTimeout="${longer * 1000}"`)}, Undertow ${code(`server.undertow.no-request-timeout=${longer}s`)}, nginx ${code(`keepalive_timeout ${longer}s`)}`,
  );
  const inLog = look(
    text`look for ${code('502 -')} with a response processing time of -1 in the access logs: they prove it`,
  );
  // The same timer cuts slow answers: back to the default only where none was seen that takes so long.
  const isBetterLow = from > DEFAULT_IDLE_TIMEOUT && slowest !== null && slowest < DEFAULT_IDLE_TIMEOUT / 2;
  if (!isBetterLow) return [inServer, byServer, inLog];
  const does = text`until then, lower the idle timeout back to ${inSeconds(DEFAULT_IDLE_TIMEOUT)}`;
  const lower = setLoadBalancerAttribute(loadBalancer, IDLE_TIMEOUT, { from, to: DEFAULT_IDLE_TIMEOUT }, does);
  return [inServer, byServer, inLog, lower];
}
