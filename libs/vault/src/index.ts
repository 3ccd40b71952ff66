export { generateVaultSecrets, Vault, type FingerprintDomain } from './vault.ts';
