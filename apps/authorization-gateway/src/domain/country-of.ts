/**
 * Country calling codes of the DIN form of ids (`+49*810…`, OICP §4.2), for Europe and its neighbours. Codes that
 * several countries share (`1`, `7`) are not here: they name none.
 */
const BY_CALLING_CODE: ReadonlyMap<string, string> = new Map(
  (
    '20 EG,27 ZA,30 GR,31 NL,32 BE,33 FR,34 ES,36 HU,39 IT,40 RO,41 CH,43 AT,44 GB,45 DK,46 SE,47 NO,48 PL,49 DE,' +
    '52 MX,55 BR,60 MY,61 AU,62 ID,64 NZ,65 SG,66 TH,81 JP,82 KR,84 VN,86 CN,90 TR,91 IN,' +
    '212 MA,213 DZ,216 TN,298 FO,299 GL,350 GI,351 PT,352 LU,353 IE,354 IS,355 AL,356 MT,357 CY,358 FI,359 BG,' +
    '370 LT,371 LV,372 EE,373 MD,374 AM,375 BY,376 AD,377 MC,378 SM,380 UA,381 RS,382 ME,383 XK,385 HR,386 SI,' +
    '387 BA,389 MK,420 CZ,421 SK,423 LI,852 HK,886 TW,961 LB,962 JO,966 SA,971 AE,972 IL,974 QA,994 AZ,995 GE'
  )
    .split(',')
    .map((entry): [string, string] => {
      const [code = '', country = ''] = entry.split(' ');
      return [code, country];
    }),
);

const DIN = /^\+?(\d{1,3})\*/;
const ISO = /^[A-Z]{2}/;

/** The country an EVSE id or operator id begins with, ISO 3166 alpha-2; `null` if it names none we know. */
export function countryOf(id: string): string | null {
  const upper = id.trim().toUpperCase();
  const calling = DIN.exec(upper)?.[1];
  if (calling !== undefined) return BY_CALLING_CODE.get(calling) ?? null;
  return ISO.exec(upper)?.[0] ?? null;
}
