import { testSqlDatabase } from '../../contracts/sqlDatabase.ts';
import { describeDatabases } from '../../support/database.ts';

describeDatabases('sqlDatabase', testSqlDatabase);
