import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const NO_RETAIL_FLAGS = 'W1 and W2 have no municipalities';
const CIVIGRAPH = { file: 'civigraph.mjs', package: undefined };
const HIVE = { file: 'hive.mjs', package: '@graphql-hive/gateway-runtime' };

/**
 * All peers by name: the server's file and options, `title` and `short` for tables and plots, `shares` when equal requests in flight are
 * joined, and `unfit` with the reason where a workload is nothing for it.
 */
export const PEERS = {
  civigraph: { ...CIVIGRAPH, title: 'Civigraph, nothing shared, nothing kept', short: 'Civigraph', options: {} },
  'civigraph-gated': {
    ...CIVIGRAPH,
    title: 'the same, with the flags of 45 municipalities',
    short: 'Civigraph with flags',
    options: { gates: true },
    unfit: { W1: NO_RETAIL_FLAGS, W2: NO_RETAIL_FLAGS },
  },
  'civigraph-shared': {
    ...CIVIGRAPH,
    title: 'Civigraph, requests in flight shared',
    short: 'Civigraph, shared',
    options: { shares: true },
    shares: true,
  },
  apollo: {
    file: 'apollo.mjs',
    package: '@apollo/gateway',
    title: '@apollo/gateway and @apollo/server',
    short: '@apollo/gateway',
    options: {},
  },
  mercurius: {
    file: 'mercurius.mjs',
    package: '@mercuriusjs/gateway',
    title: 'Mercurius gateway (jit)',
    short: 'Mercurius gateway',
    options: {},
  },
  hive: {
    ...HIVE,
    title: 'Hive Gateway (JavaScript planner), nothing shared',
    short: 'Hive Gateway, not shared',
    options: { shares: false },
  },
  'hive-router': {
    ...HIVE,
    package: '@graphql-hive/router-runtime',
    title: 'Hive Gateway and router-runtime (Rust planner), nothing shared',
    short: 'Hive + router-runtime, not shared',
    options: { planner: 'router', shares: false },
  },
  'hive-shared': {
    ...HIVE,
    title: 'Hive Gateway as published',
    short: 'Hive Gateway as published',
    options: { shares: true },
    shares: true,
  },
  'hive-router-shared': {
    ...HIVE,
    package: '@graphql-hive/router-runtime',
    title: 'Hive Gateway and router-runtime as published',
    short: 'Hive + router-runtime as published',
    options: { planner: 'router', shares: true },
    shares: true,
  },
  limit: {
    file: 'limit.mjs',
    title: 'limit: bare node:http, the same fetches by the same client, JSON.parse',
    short: 'limit: fetches, JSON.parse',
    options: { client: 'own', parses: true },
  },
  'limit-undici': {
    file: 'limit.mjs',
    title: 'limit: the same with undici dispatch',
    short: 'limit: fetches by undici, JSON.parse',
    options: { client: 'undici', parses: true },
  },
  'limit-unparsed': {
    file: 'limit.mjs',
    title: 'limit: our HTTP client, without JSON.parse',
    short: 'limit: fetches',
    options: { client: 'own', parses: false },
  },
  'limit-bytes': {
    file: 'limit.mjs',
    title: 'limit: bare node:http sending the same bytes',
    short: 'limit: no fetches',
    options: {},
    shares: true,
  },
};

/** Names and versions of the packages that take part. */
export function peerVersions() {
  const { dependencies } = JSON.parse(readFileSync(join(import.meta.dirname, 'package.json'), 'utf8'));
  return dependencies;
}
