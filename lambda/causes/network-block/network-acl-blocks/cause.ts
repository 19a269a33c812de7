import type { NetworkAcl } from '../../../incident/evidence.ts';
import { andList, code, count, percentOf, resource, type Text, text } from '../../../incident/text.ts';
import { showHealth } from '../../../remedies/look.ts';
import { allowBeforeDenial } from '../../../remedies/network-acl.ts';
import { aclDenial, subnetSwitch } from '../../../semantics/changes/change-kinds.ts';
import { type AclDrop, aclDropsOn } from '../../../semantics/network/acl-drops.ts';
import { FINAL_RULE } from '../../../semantics/network/network-acls.ts';
import { rangeName } from '../../../semantics/network/ports.ts';
import type { TargetPath } from '../../../semantics/network/target-paths.ts';
import { defineCause } from '../../cause.ts';
import { type ClosedPaths, type Closure, ENDS, SILENCES } from '../path/closed-layer.ts';
import { examineLayer } from '../path/layer-examination.ts';
import { pathGroupsSaid, pathPortsSaid } from '../path/silent-drops.ts';

export default defineCause({
  id: 'network-acl-blocks',
  needs: [...ENDS, 'networkAcls', 'paths'],
  uses: ['prefixLists', 'errors', 'traffic', 'changes', 'takenPaths'],
  breaksHealthChecks: true,
  causes: SILENCES,
  ofSettings: true,
  madeBy: [aclDenial],
  setOffBy: [subnetSwitch],

  examine(seen, moment) {
    return examineLayer(
      {
        name: 'network-acls',
        from: 'networkAcls',
        reasonOn: (path) => aclsOn([path]).join(' ') || null,
        tell: (closed) => closureOf(closed, seen.networkAcls),
        whereOpen: (all) =>
          text`the network ACLs allow traffic between the load balancer's subnets and the targets on ${pathPortsSaid(all)}, in both directions`,
      },
      seen,
      moment,
    );
  },
});

function aclsOn(paths: readonly TargetPath[]): readonly string[] {
  return [...new Set(aclDropsOn(paths).map(({ aclId }) => aclId))].sort();
}

function closureOf(closed: ClosedPaths, networkAcls: readonly NetworkAcl[]): Closure {
  const [{ target }] = closed;
  const drops = aclDropsOn(closed);
  const acls = aclsOn(closed);
  const isWhole = closed.some(({ path }) => path.layers['network-acls'] === 'blocked');
  const what = isWhole ? 'traffic' : 'part of the traffic';
  const targets = count(new Set(closed.map((one) => one.target.id)).size, 'target');
  const headline = (verb: 'denies' | 'denied') =>
    text`Network ACL ${andList(acls.map(resource))} ${verb} ${what} between the load balancer and ${targets} of ${pathGroupsSaid(closed)}`;
  return {
    says: headline('denies'),
    said: headline('denied'),
    shows: drops.slice(0, 6).map(dropSaid),
    restsOn: [...acls, ...new Set(closed.flatMap(({ path }) => path.pairs.map(({ from }) => from)))],
    fixes: allowBeforeDenial(drops, networkAcls, showHealth(target.targetGroup)),
    facts: { networkAcls: acls },
  };
}

function dropSaid({ aclId, direction, denied, ruleNumbers, subnetIds, remotes, share }: AclDrop): Text {
  // As the console shows the deny at the end.
  const rules = new Set(ruleNumbers.map((number) => (number >= FINAL_RULE ? '*' : String(number))));
  const ports = andList(
    denied.map((range) => code(rangeName(range))),
    3,
  );
  const [way, from] = direction === 'ingress' ? (['into', 'from'] as const) : (['out of', 'to'] as const);
  const part = share === null ? text`` : text`: ${percentOf('about', share)} of the connections`;
  return text`${resource(aclId)} rule ${andList([...rules].map(code))} denies TCP ${ports} ${way} ${andList(subnetIds.map(resource))} ${from} ${andList(remotes.map(resource), 4)}${part}`;
}
