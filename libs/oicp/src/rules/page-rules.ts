import { ChargeDetailRecordPage } from '../messages/charge-detail-record-page.ts';
import { ContractEvsesPage } from '../messages/contract-evses-page.ts';
import { EvseDataPage } from '../messages/evse-data-page.ts';
import type { Page } from '../types/page.ts';
import { crossRules, type CrossRule } from './cross-rules.ts';

type PageOfRecords = Page & { readonly content: readonly unknown[] };

const countsItsRecords: CrossRule<PageOfRecords> = {
  code: 'page-inconsistent', severity: 'warning', source: '§2.10',
  check: ({ numberOfElements: announced, content }, complain, { rejected }) => {
    if (typeof announced !== 'number' || !Array.isArray(content)) return;
    if (announced !== content.length + rejected.length) complain('numberOfElements', 'the number of records in content');
  },
};

const endsOnce: CrossRule<PageOfRecords> = {
  code: 'page-inconsistent', severity: 'warning', source: '§2.10',
  check: ({ number, totalPages, last }, complain) => {
    if (typeof number !== 'number' || typeof totalPages !== 'number' || typeof last !== 'boolean') return;
    if (last !== (number + 1 >= totalPages)) complain('last', 'true on the last page only');
  },
};

crossRules(EvseDataPage, countsItsRecords, endsOnce);
crossRules(ChargeDetailRecordPage, countsItsRecords, endsOnce);
crossRules(ContractEvsesPage, countsItsRecords, endsOnce);
