/**
 * Loaded before the command line, in its process: names are resolved by the table in NAMES, and nothing leaves the
 * machine. `{"api.example.com": {"cname": "web.example.com"}, "web.example.com": {"a": ["10.0.0.1"]}}`; a name with
 * `late` is never answered.
 */
export const NAME_SERVER = `data:text/javascript,${encodeURIComponent(`
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
const names = JSON.parse(process.env.NAMES);
const refuse = (code) => Promise.reject(Object.assign(new Error('query ' + code), { code }));
const ask = (host, key) => {
  const known = names[host.toLowerCase()];
  if (known?.late) return new Promise(() => setTimeout(() => {}, 60_000));
  return known?.[key] === undefined ? refuse(known ? 'ENODATA' : 'ENOTFOUND') : Promise.resolve(known[key]);
};
dns.promises.Resolver.prototype.resolveCname = (host) => ask(host, 'cname').then((name) => [name]);
const lookup = dns.promises.lookup;
dns.promises.lookup = async (host, options) => {
  if (host === '127.0.0.1' || host === 'localhost') return lookup(host, options);
  for (let name = host, hops = 0; hops < 9; hops += 1) {
    const known = names[name.toLowerCase()];
    if (known?.cname === undefined) return (await ask(name, 'a')).map((address) => ({ address, family: 4 }));
    name = known.cname;
  }
  return refuse('ENOTFOUND');
};
syncBuiltinESMExports();
`)}`;
