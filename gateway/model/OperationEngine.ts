import type { GatewayInterface } from '@apollo/server-gateway-interface';

/** A way to run the operations of one supergraph behind Apollo Server. Two exist; both keep the same promises. */
export interface OperationEngine {
  readonly gateway: GatewayInterface;
  /** Closes the ways to the subgraphs. */
  close(): Promise<void>;
}
