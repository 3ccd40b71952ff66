export { readGatewayConfig, type GatewayConfig, type Provider } from './config.ts';
export { startGateway, type RunningGateway } from './start-gateway.ts';
