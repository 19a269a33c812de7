/** Lines of an access log as a busy load balancer writes them: six targets, forty paths, one line in fifty an error. */
export function* accessLines(count: number, from = Date.parse('2026-03-10T14:00:00Z')): Generator<string> {
  const group = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/73e2d6bc24d8a067';
  for (let n = 0; n < count; n += 1) {
    const at = from + (n * 1_800_000) / count;
    const created = new Date(at).toISOString().replace('Z', '123Z');
    const time = new Date(at + 40 + (n % 90)).toISOString().replace('Z', '456Z');
    const failed = n % 50 === 0;
    const times = failed ? '-1 -1 -1 502 -' : `0.001 0.0${10 + (n % 90)} 0.000 200 200`;
    yield `https ${time} app/web/50dc6c495c0c9188 203.0.113.${n % 250}:${40000 + (n % 20000)} 10.0.10.${11 + (n % 6)}:8080 ${times} 534 1840 "GET https://shop.example.com:443/api/v1/area${n % 40}/orders/${n}?page=${n % 7}&token=abc HTTP/1.1" "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 Safari/537.36" TLS_AES_128_GCM_SHA256 TLSv1.3 ${group} "Root=1-67d0${n}-36d228ad5d99923122bbe354" "shop.example.com" "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012" 1 ${created} "forward" "-" "-" "10.0.10.11:8080" "200" "-" "-" TID_1234abcd5678ef90 "-" "-" "-" 10.0.0.10`;
  }
}
