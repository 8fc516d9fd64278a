/* base/date.h: civil dates, as the notice counts them.
 * Shape:  Date is a day number, 0 = 1970-01-01, proleptic Gregorian; DATE_NONE = not known.
 * Units:  days; months are calendar months; moments are milliseconds UTC (Moment).
 * Owns:   nothing.
 * Errors: parsing returns false; every other function asserts DATE_MIN <= date <= DATE_MAX.
 * Source: 民法典 1259 (以下/届满 include the number); China has had no summer time since 1991, so
 *         Asia/Shanghai is UTC+8. */
#ifndef BASE_DATE_H
#define BASE_DATE_H

#include <stdbool.h>
#include <stdint.h>

typedef int32_t Date;
typedef int64_t Moment;

#define DATE_NONE INT32_MIN
#define DATE_MIN (-719162) /* 0001-01-01 */
#define DATE_MAX 2932896   /* 9999-12-31 */

typedef struct Civil {
    int year, month, day;
} Civil;

bool date_exists(int year, int month, int day);
Date date_of(int year, int month, int day); /* asserts date_exists */
Civil date_civil(Date date);

/* "2012-09-27" exactly; false leaves *ret_date alone. */
bool date_parse(const char *text, Date *ret_date);
/* Writes "2012-09-27" and a NUL into out[11]; DATE_NONE gives "". Returns out. */
char *date_format(Date date, char out[11]);

/* The same day n months on; a day that the month lacks becomes the last day of the month. */
Date date_add_months(Date date, int months);
/* The n-th birthday of someone born on date: 29 February becomes 1 March in common years. */
Date date_birthday(Date birth, int years);
/* Completed years of age on a day (周岁, counted from the birthday itself). */
int date_age(Date birth, Date on);
/* Whole months from one day to another, 0 when `to` is not after `from`. */
int date_whole_months(Date from, Date to);

Moment moment_now(void);
Date moment_date(Moment moment);         /* the day in Asia/Shanghai */
int moment_minute_of_day(Moment moment); /* 0..1439 in Asia/Shanghai */
Date date_today(void);                   /* in Asia/Shanghai */
/* "2012-09-27 15:04:05" in Asia/Shanghai. */
char *moment_format(Moment moment, char out[20]);

#endif
