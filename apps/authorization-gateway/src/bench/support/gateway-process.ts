/** The gateway by itself in a process, configured by its environment. Prints the door's URL. */
import { readGatewayConfig, startGateway } from '../../index.ts';

const gateway = await startGateway(readGatewayConfig(process.env));
process.stdout.write(`${gateway.doorUrl}\n`);
process.once('SIGTERM', () => void gateway.stop().then(() => process.exit(0)));
