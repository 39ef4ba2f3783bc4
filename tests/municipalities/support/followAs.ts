// Follows the municipality files of a folder and prints, as JSON lines, what holds now: `node --import tsx followAs.ts <folder>`.
import { systemClock } from '../../../platform/clock/Clock.ts';
import { silentLogger } from '../../../platform/logger/Logger.ts';
import { openMunicipalityRegister } from '../../../roles/municipalities/openMunicipalityRegister.ts';
import { knownModules } from '../../../schema/modules.ts';

const register = await openMunicipalityRegister({
  directory: process.argv[2] ?? '',
  modules: knownModules(['housing']),
  clock: systemClock,
  logger: silentLogger,
});
let last = '';
setInterval(() => {
  const on = [...register.current().municipalities].flatMap(([slug, { modules }]) =>
    modules.isOn('housing') ? slug : [],
  );
  const line = JSON.stringify({ on, problems: register.problems().map(({ message }) => message) });
  if (line !== last) {
    last = line;
    process.stdout.write(`${line}\n`);
  }
}, 20);
