/**
 * Whether the digits are a card's: a length and a beginning that an issuer has, and a right check digit (Luhn). One
 * number in ten passes the check alone, so the beginning matters: a time in milliseconds begins with 1.
 */
export function passesLuhn(text: string): boolean {
  const digits = text.replaceAll(/\D/g, '');
  if (!ISSUERS.some((issuer) => issuer.test(digits))) return false;
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - 48;
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

const ISSUERS = [
  /^4\d{15}(?:\d{3})?$/,
  /^5[1-5]\d{14}$/,
  /^2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}$/,
  /^3[47]\d{13}$/,
  /^6(?:011|4[4-9]\d|5\d\d)\d{12}$/,
  /^35(?:2[89]|[3-8]\d)\d{12}$/,
  /^62\d{14,17}$/,
];
