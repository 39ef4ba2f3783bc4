import { createUndiciClient } from '../../gateway/fetch/createUndiciClient.ts';
import { testSubgraphTransport } from '../contracts/subgraphTransport.ts';
import { TEST_CERTIFICATE } from '../support/testCertificate.ts';

testSubgraphTransport('HTTP over our own client', { tls: false });
testSubgraphTransport('HTTP over undici', { tls: false, createClient: createUndiciClient });
testSubgraphTransport('HTTPS over undici', { tls: true, ca: TEST_CERTIFICATE });
