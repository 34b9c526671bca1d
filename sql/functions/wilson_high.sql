-- How high may the true rate be, in percent? The upper end of what wilson_low is the lower end of.
create or replace function wilson_high(part bigint, whole bigint) returns float8
language sql immutable parallel safe
return case
  when whole > 0 then round((100 * least(1, (
    part + 1.9207294103470618
    + 1.959963984540054 * sqrt(part * (whole - part)::float8 / whole + 0.9603647051735309)
  ) / (whole + 3.8414588206941236)))::numeric, 2)::float8
end;
