import { ValidationError } from '../errors.js';
import type { Brand } from './brand.js';

/** The currency of an amount: an ISO 4217 code, or one of the digital assets that books are kept in. */
export type Currency = Brand<'Currency'>;

// ISO 4217, active codes. A list of our own and not Intl's: which amounts a book accepts must not depend on the machine.
const ISO_4217 =
  'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLF CLP CNY COP CRC ' +
  'CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK ' +
  'JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR ' +
  'MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP ' +
  'STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XAG XAU XCD XCG XOF XPD XPF ' +
  'XPT YER ZAR ZMW ZWG';
const DIGITAL_ASSETS = 'BTC ETH SOL XRP BNB ADA DOGE LTC USDT USDC DAI EURC';

const KNOWN: ReadonlySet<string> = new Set(`${ISO_4217} ${DIGITAL_ASSETS}`.split(' '));

export const Currency = {
  /** @throws ValidationError UNKNOWN_CURRENCY */
  of(code: string): Currency {
    if (!KNOWN.has(code)) {
      throw new ValidationError(
        'UNKNOWN_CURRENCY',
        'Unknown currency. Use an ISO 4217 code in upper case such as "USD", or a digital asset such as "BTC".',
      );
    }
    return code as Currency;
  },
};
