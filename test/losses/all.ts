import { recordedIncidents } from '../support/incidents.ts';
import { lossesOf } from './losses.ts';
import { wrongsOf } from './wrongs.ts';

/** Everything that may be lost of every recorded incident, or of those whose names match: one to two minutes. */
const only = new RegExp(process.argv[2] ?? '');
const judged = recordedIncidents()
  .filter(({ name }) => only.test(name))
  .map((incident) =>
    lossesOf(incident.snapshot).map((loss) =>
      wrongsOf(incident, loss).map((wrong) => `${incident.name} | ${loss.of} | ${wrong}`),
    ),
  );
const wrongs = judged.flat(2);
process.stdout.write([...wrongs, `${judged.flat().length} losses, ${wrongs.length} wrong`, ''].join('\n'));
