/** A table of settings by stack, or by place, that the pages of several causes show. */
export interface Settings {
  readonly title: string;
  /** What holds for all rows. */
  readonly about: string;
  readonly columns: readonly [string, string, ...string[]];
  readonly rows: readonly (readonly [string, string, ...string[]])[];
}

/** For an idle timeout of 60 s, the load balancer's default. */
export const KEEP_ALIVE: Settings = {
  title: 'Keep-alive by server',
  about: `The values are for an idle timeout of 60 s (\`idle_timeout.timeout_seconds\`); with a longer one, set a few seconds more than that.
The server must be the one that closes last.`,
  columns: ['Server', 'By itself', 'Set'],
  rows: [
    [
      'Node.js, Express, Koa, Nest',
      '5 s up to Node.js 26, 65 s from 27',
      '`server.keepAliveTimeout = 65000; server.headersTimeout = 66000`',
    ],
    ['Next.js', '5 s, as Node.js', '`next start --keepAliveTimeout 65000`; standalone: `KEEP_ALIVE_TIMEOUT=65000`'],
    ['Fastify', '72 s', 'enough'],
    ['gunicorn', '2 s; sync workers keep no connection', '`--keep-alive 75`'],
    ['gunicorn with UvicornWorker', "2 s: gunicorn's, not uvicorn's", '`--keep-alive 75`'],
    ['uvicorn', '5 s', '`--timeout-keep-alive 75`'],
    ['Hypercorn', '5 s', '`keep_alive_timeout = 65`'],
    ['nginx', '75 s; 65 s in many distributions and images', '`keepalive_timeout 75s;`'],
    ['Apache httpd', '5 s, and 100 requests', '`KeepAliveTimeout 65`, `MaxKeepAliveRequests 0`'],
    ['Tomcat', '20 s in the server.xml that it ships with', '`keepAliveTimeout="65000"`'],
    ['Spring Boot with Tomcat', '60 s: as long as the load balancer, a race', '`server.tomcat.keep-alive-timeout=65s`'],
    ['Spring Boot with Undertow', 'no limit', 'enough'],
    ['Jetty', '30 s', '`jetty.http.idleTimeout=65000`'],
    ['Puma', '20 s before 7.0, 65 s from 7.0', '`persistent_timeout 75`'],
    ['Go net/http', 'no limit, unless IdleTimeout or ReadTimeout is set', '`IdleTimeout: 75 * time.Second`'],
    ['Kestrel (.NET)', '130 s', 'enough'],
    ['Envoy, Istio', '1 h', 'enough'],
  ],
};

export const REQUEST_TIMEOUTS: Settings = {
  title: 'Request timeouts by server',
  about: `A timer that ends before the load balancer's idle timeout (60 s) and after the slowest request that is meant to be leaves the error
with the application, which can log what was slow. TCP keep-alive and HTTP/2 pings do not reset the idle timeout.`,
  columns: ['Server', 'By itself', 'Set'],
  rows: [
    [
      'gunicorn',
      '30 s, then the worker is killed: 502',
      '`--timeout 55`, and a timeout on every call that a request makes',
    ],
    ['nginx before the application', "60 s, then it answers 504 itself: a target's 5xx", '`proxy_read_timeout 55s;`'],
    [
      'PHP-FPM behind nginx',
      "no limit; where one is set, its worker is killed and nginx answers 502, a target's 5xx",
      '`request_terminate_timeout = 55s`',
    ],
    ['Go net/http', 'no limit', '`http.TimeoutHandler(handler, 55*time.Second, "timeout")`'],
    ['Node.js', 'no limit on an answer', '`AbortSignal.timeout(5000)` on every call that a request makes'],
  ],
};

export const GRACEFUL_SHUTDOWN: Settings = {
  title: 'Shutdown by stack',
  about: `A target is deregistered and told to stop at about the same time, and for some seconds requests still come. Whatever the stack: go on
serving for about 15 s after SIGTERM, then finish what is open, then end.`,
  columns: ['Stack', 'By itself', 'Set'],
  rows: [
    [
      'ECS',
      'SIGTERM as it deregisters; SIGKILL after the stop timeout, 30 s',
      '`stopTimeout` of the container above the slowest request; on Fargate 120 s at most; on instances also `ECS_CONTAINER_STOP_TIMEOUT`',
    ],
    [
      'Kubernetes',
      'SIGTERM races with deregistration; old pods end before new ones are healthy',
      '`preStop` with `sleep 20`, `terminationGracePeriodSeconds` above the deregistration delay, namespace label `elbv2.k8s.aws/pod-readiness-gate-inject: enabled`',
    ],
    [
      'a shell script as entry point',
      'passes no signal on: SIGKILL after the stop timeout',
      '`exec` before the server',
    ],
    [
      'Node.js',
      'ends at once; as the first process of a container not at all, until SIGKILL',
      "`process.on('SIGTERM', () => setTimeout(() => server.close(), 15000))`",
    ],
    ['gunicorn', 'finishes open requests for 30 s', '`--graceful-timeout` above the slowest request'],
    [
      'uvicorn',
      'finishes open requests, however long they take',
      '`--timeout-graceful-shutdown` below the stop timeout',
    ],
    ['nginx', 'SIGTERM cuts requests, SIGQUIT finishes them', '`STOPSIGNAL SIGQUIT` in the image'],
    ['Apache httpd', 'SIGTERM cuts requests, SIGWINCH finishes them', '`STOPSIGNAL SIGWINCH` in the image'],
    [
      'Spring Boot',
      'finishes open requests for 30 s, by default from 3.4 on',
      '`server.shutdown=graceful`, `spring.lifecycle.timeout-per-shutdown-phase`',
    ],
    ['Puma', 'finishes open requests', 'enough, if the stop timeout is above the slowest request'],
    ['Go net/http', 'ends at once', '`signal.NotifyContext(ctx, syscall.SIGTERM)`, then `server.Shutdown(ctx)`'],
    ['.NET', 'finishes open requests for 30 s', '`HostOptions.ShutdownTimeout` above the slowest request'],
  ],
};

export const HEALTH_ENDPOINT: Settings = {
  title: 'A good health endpoint',
  about: `The load balancer asks by GET, as \`ELB-HealthChecker/2.0\`, with the target's address as Host, every 30 s and waits 5 s unless set
otherwise.`,
  columns: ['It', 'Because'],
  rows: [
    ['has a path of its own, such as `/health`', 'the start page redirects, wants a login, or is rendered slowly'],
    ['answers 200 from memory, in milliseconds', 'a slow page is a target taken away'],
    ['needs no login, no redirect and no certain Host', 'the answers 301, 302, 401, 403 and 400 fail the matcher'],
    [
      'is on the port, in the protocol and with the workers of the requests',
      'otherwise it passes while requests hang, or fails while they work',
    ],
    ['passes only when requests can be served', 'a target gets requests from its first passed check on'],
    [
      'does not ask the database or another service that all targets share',
      'one slow dependency would fail every target at once: watch it by an alarm instead',
    ],
    ['keeps its path when the application changes', 'or changes it together with the target group, in one deployment'],
  ],
};

export const MEMORY_LIMITS: Settings = {
  title: 'Memory by runtime',
  about:
    'The runtime must know a limit below that of its container, for what it does not count itself needs room, too.',
  columns: ['Runtime', 'By itself', 'Set'],
  rows: [
    [
      'Node.js',
      'a heap by the memory that it sees: in older releases that of the machine',
      '`NODE_OPTIONS=--max-old-space-size=384` for a limit of 512 MiB: three quarters',
    ],
    ['Java', 'a heap of a quarter of the limit', '`-XX:MaxRAMPercentage=75`'],
    ['Go', 'no limit', '`GOMEMLIMIT=460MiB` for a limit of 512 MiB: nine tenths'],
    ['.NET', 'a heap of three quarters of the limit', 'enough, unless much is used outside the heap'],
    [
      'gunicorn',
      'workers that are never replaced, each of the size of the application',
      '`--max-requests 1000 --max-requests-jitter 100` against leaks; no more `--workers` than fit',
    ],
    ['PHP-FPM', 'each child up to `memory_limit`', '`pm.max_children` times `memory_limit` below the limit'],
  ],
};

export const SEVERAL_BACKENDS: Settings = {
  title: 'Several targets in two zones',
  about:
    'One target is an outage with every crash, deployment and host failure. Two in two zones, each able to carry all of it, are none.',
  columns: ['Where', 'Set'],
  rows: [
    ['Load balancer', 'a subnet in each zone in which targets run; cross-zone load balancing on'],
    [
      'ECS service',
      'desired count and minimum of Application Auto Scaling 2 or more, subnets in two zones, `minimumHealthyPercent` 100, `maximumPercent` 200',
    ],
    [
      'Auto Scaling group',
      'minimum size 2 or more, subnets in two zones, health check type `ELB`, instance refresh with a minimum of 100 %',
    ],
    [
      'Kubernetes',
      '`replicas: 2` or more, `topologySpreadConstraints` by `topology.kubernetes.io/zone`, a `PodDisruptionBudget`',
    ],
    [
      'Alarm',
      'HealthyHostCount (minimum) below 2, with missing data treated as breaching: an empty group sends nothing',
    ],
  ],
};
