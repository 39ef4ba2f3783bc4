import { randomBytes } from 'node:crypto';

import { Client } from 'pg';

export interface OwnDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** A new, empty database on a server on which databases may be created. */
export async function createOwnDatabase(serverUrl: string): Promise<OwnDatabase> {
  const name = `civigraph_test_${randomBytes(6).toString('hex')}`;
  await run(`create database ${name} template template0`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => run(`drop database ${name} with (force)`) };

  async function run(statement: string): Promise<void> {
    const client = new Client({ connectionString: serverUrl });
    await client.connect();
    try {
      await client.query(statement);
    } finally {
      await client.end();
    }
  }
}
