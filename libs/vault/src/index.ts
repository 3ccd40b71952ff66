export { generateSealingKey, generateVaultSecrets, Vault, type FingerprintDomain } from './vault.ts';
