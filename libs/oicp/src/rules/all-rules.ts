/** Importing this module registers every cross-field rule. */
import './evse-rules.ts';
import './identification-rules.ts';
import './metering-rules.ts';
import './page-rules.ts';
import './reply-rules.ts';
import './request-rules.ts';
import './session-rules.ts';
