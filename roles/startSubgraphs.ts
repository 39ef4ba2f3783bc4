import { join } from 'node:path';

import { createMaildirMailer } from '../platform/mail/createMaildirMailer.ts';
import { createSmtpMailer } from '../platform/mail/createSmtpMailer.ts';
import type { Mailer } from '../platform/mail/Mailer.ts';
import type { SqlDatabase } from '../platform/sql/SqlDatabase.ts';
import { assertNever } from '../schema/assertNever.ts';
import type { MunicipalityRegister } from '../schema/municipalities/Municipality.ts';
import type { SubgraphName } from '../schema/subgraphs.ts';
import { createApprenticeshipsSubgraph } from '../subgraphs/apprenticeships/createApprenticeshipsSubgraph.ts';
import { createContentSubgraph } from '../subgraphs/content/createContentSubgraph.ts';
import { createHousingSubgraph } from '../subgraphs/housing/createHousingSubgraph.ts';
import type { Subgraph } from '../subgraphs/kit/Subgraph.ts';
import { openDatabase, openMunicipalities, type Parts, readSchemaFile } from './openParts.ts';

/** Below the gateway's patience with a mutation, so that the citizen hears what happened to the e-mail. */
const MAIL_DEADLINE_MS = 4_000;

export interface SubgraphParts {
  readonly database: SqlDatabase;
  readonly municipalities: MunicipalityRegister;
  /** Only the housing exchange writes e-mail. */
  readonly mailer: Mailer;
}

/** One subgraph over its parts; it does not listen yet. */
export async function createSubgraphOf(
  name: SubgraphName,
  { config, logger, clock, closers }: Parts,
  { database, municipalities, mailer }: SubgraphParts,
): Promise<Subgraph> {
  const typeDefs = await readSchemaFile(config, `subgraphs/${name}.graphql`);
  const options = { typeDefs, database, municipalities, clock, logger };
  const subgraph = await create();
  closers.add(() => subgraph.close());
  return subgraph;

  async function create(): Promise<Subgraph> {
    switch (name) {
      case 'content':
        return createContentSubgraph(options);
      case 'apprenticeships':
        return createApprenticeshipsSubgraph(options);
      case 'housing':
        return createHousingSubgraph({ ...options, mailer, publicUrl: config.publicUrl });
      default:
        return assertNever(name);
    }
  }
}

/** SMTP where the configuration names a server, else a maildir below the data directory. */
export function openMailer({ config, logger, closers }: Parts): Mailer {
  const mailer =
    config.smtpUrl === undefined
      ? createMaildirMailer({ directory: join(config.dataDirectory, 'mail'), from: config.mailFrom, logger })
      : createSmtpMailer({ url: config.smtpUrl, from: config.mailFrom, logger, deadlineMs: MAIL_DEADLINE_MS });
  closers.add(() => mailer.close());
  return mailer;
}

/** The role of one subgraph as its own process. */
export async function startSubgraph(name: SubgraphName, parts: Parts): Promise<void> {
  const { config, logger } = parts;
  const municipalities = await openMunicipalities(parts);
  const database = await openDatabase(parts);
  const subgraph = await createSubgraphOf(name, parts, { database, municipalities, mailer: openMailer(parts) });
  const port = await subgraph.listen(config.port, config.host);
  logger.info({ subgraph: name, url: `http://${config.host}:${port}/graphql` }, 'subgraph listens');
}
