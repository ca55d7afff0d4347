import { components } from './components.ts';
import { EXIT } from './exit.ts';
import { run } from './run.ts';
import { validate } from './validate.ts';

const USAGE = `idsync: run dataflows from the command line

  idsync run flow.json        run a dataflow once
      --limit N               handle at most N records
      --full                  pull all records, not only what changed in the last 24 hours
      --since TIME            pull what changed after TIME (ISO 8601)
      --var name=value        replace {{name}} in the flow; may be given several times
      --site site.json        {apiKey, userKey, secret, apiDomain} for Gigya steps; or the variables
                              IDSYNC_API_KEY, IDSYNC_USER_KEY, IDSYNC_SECRET, IDSYNC_API_DOMAIN
      --log-level LEVEL       error, info (default) or debug
  idsync validate flow.json   check a dataflow and list what is wrong with it
  idsync components [id]      list the components, or tell all about one

  --json on each              output for machines; a run then prints JSON lines, as it does when piped
  exit code                   0 succeeded, 1 failed, 2 invalid input
`;

const commands = new Map<string, (args: string[]) => Promise<number>>(Object.entries({ run, validate, components }));

const [name = 'help', ...args] = process.argv.slice(2);
const command = commands.get(name);
if (command) {
  process.exitCode = await command(args).catch((thrown: unknown) => {
    console.error(`idsync ${name}: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    return EXIT.invalid;
  });
} else if (name === 'help' || name === '--help' || name === '-h') {
  console.log(USAGE);
} else {
  console.error(`There is no command ${name}.\n\n${USAGE}`);
  process.exitCode = EXIT.invalid;
}
