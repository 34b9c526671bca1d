-- How low may the true rate be, in percent? Wilson's score interval at 95 %: E. B. Wilson,
-- "Probable inference, the law of succession, and statistical inference", 1927. z =
-- 1.959963984540054.
create or replace function wilson_low(part bigint, whole bigint) returns float8
language sql immutable parallel safe
return case
  when whole > 0 then round((100 * greatest(0, (
    part + 1.9207294103470618
    - 1.959963984540054 * sqrt(part * (whole - part)::float8 / whole + 0.9603647051735309)
  ) / (whole + 3.8414588206941236)))::numeric, 2)::float8
end;
