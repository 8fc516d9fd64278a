/* sql/embed.c: runs at build time: turns .sql files into queries.h (an enum of names) and queries.c (their texts).
 * Usage:  embed SQL_DIR OUT_DIR queries/ROOM/NOUN.sql… schema/NNNN_NAME.sql…
 * Shape:  a statement begins at `-- name: verb` and ends before the next one; its `-- scan:` line names the tables it may
 *         read whole; other comment lines are for readers. A file without a name line, or a name twice, stops the build. */
#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAMES = 2048, NAME_BYTES = 128, LINE_BYTES = 4096 };

static char seen[NAMES][NAME_BYTES];
static size_t seen_count;

static void fail(const char *file, const char *what)
{
    fprintf(stderr, "embed: %s: %s\n", file, what);
    exit(1);
}

static FILE *open_or_fail(const char *dir, const char *name, const char *mode)
{
    char path[LINE_BYTES];
    if ((size_t)snprintf(path, sizeof path, "%s/%s", dir, name) >= sizeof path)
        fail(name, "path too long");
    FILE *file = fopen(path, mode);
    if (!file)
        fail(path, strerror(errno));
    return file;
}

static void write_c_string(FILE *out, const char *line)
{
    fputs("    \"", out);
    for (; *line && *line != '\n'; line++) {
        if (*line == '"' || *line == '\\')
            fputc('\\', out);
        if (*line == '?') /* no trigraphs */
            fputc('\\', out);
        fputc(*line, out);
    }
    fputs("\\n\"\n", out);
}

static bool blank(const char *line)
{
    return line[strspn(line, " \t\r\n")] == '\0';
}

static void remember(const char *file, const char *room, const char *verb, FILE *header)
{
    char name[NAME_BYTES];
    if ((size_t)snprintf(name, sizeof name, "%s_%s", room, verb) >= sizeof name ||
        seen_count == NAMES)
        fail(file, "name too long, or too many of them");
    for (char *c = name; *c; c++) {
        if (!isalnum((unsigned char)*c) && *c != '_')
            fail(file, "a name may hold letters, digits and _ only");
        *c = (char)toupper((unsigned char)*c);
    }
    for (size_t i = 0; i < seen_count; i++)
        if (strcmp(seen[i], name) == 0)
            fail(file, "this name stands twice");
    memcpy(seen[seen_count++], name, sizeof name);
    fprintf(header, "    QUERY_%s, /* %s */\n", name, file);
}

static void embed_queries(const char *dir, const char *file, FILE *header, FILE *source)
{
    char room[NAME_BYTES], line[LINE_BYTES], verb[NAME_BYTES] = "", scan[LINE_BYTES] = "";
    if (sscanf(file, "queries/%127[a-z_]/", room) != 1)
        fail(file, "expected queries/ROOM/NOUN.sql");
    FILE *in = open_or_fail(dir, file, "r");
    bool in_statement = false, has_text = false;
    while (fgets(line, sizeof line, in)) {
        if (sscanf(line, "-- name: %127s", verb) == 1) {
            if (in_statement)
                fputs(has_text ? "    },\n" : "    \"\"},\n", source);
            remember(file, room, verb, header);
            scan[0] = '\0';
            in_statement = true;
            has_text = false;
        } else if (strncmp(line, "-- scan:", 8) == 0) {
            snprintf(scan, sizeof scan, "%s", line + 8);
            scan[strcspn(scan, "\r\n")] = '\0';
        } else if (strncmp(line, "--", 2) != 0 && !blank(line)) {
            if (!in_statement)
                fail(file, "a statement before its name line");
            if (!has_text)
                fprintf(source, "    {\"%s/%s\", \"%s\", \"%s\",\n", room, verb, file, scan);
            has_text = true;
            write_c_string(source, line);
        }
    }
    if (!in_statement || !has_text)
        fail(file, "no statement, or a name without one");
    fputs("    },\n", source);
    fclose(in);
}

/* Two branches may have taken the same number: only one of the two would ever be applied. */
static void embed_schema(const char *dir, const char *file, FILE *source)
{
    static unsigned last;
    char line[LINE_BYTES], name[NAME_BYTES];
    unsigned number;
    if (sscanf(file, "schema/%u_", &number) != 1 || sscanf(file, "schema/%127[0-9a-z_]", name) != 1)
        fail(file, "expected schema/NNNN_NAME.sql");
    if (number <= last)
        fail(file, "its number is not greater than that of the file before it");
    last = number;
    FILE *in = open_or_fail(dir, file, "r");
    fprintf(source, "    {%u, \"%s\",\n", number, name);
    while (fgets(line, sizeof line, in))
        if (strncmp(line, "--", 2) != 0 && !blank(line))
            write_c_string(source, line);
    fputs("    },\n", source);
    fclose(in);
}

int main(int argc, char **argv)
{
    if (argc < 4)
        fail("usage", "embed SQL_DIR OUT_DIR FILE…");
    FILE *header = open_or_fail(argv[2], "queries.h", "w");
    FILE *source = open_or_fail(argv[2], "queries.c", "w");
    fputs("/* Made by sql/embed.c from sql/queries. */\n#ifndef SQL_QUERIES_H\n#define "
          "SQL_QUERIES_H\n\n"
          "typedef enum QueryId {\n",
          header);
    fputs("/* Made by sql/embed.c from sql/queries and sql/schema. */\n#include "
          "\"sql/statement.h\"\n\n"
          "const Statement STATEMENTS[QUERY_COUNT] = {\n",
          source);
    for (int i = 3; i < argc; i++)
        if (strncmp(argv[i], "queries/", 8) == 0)
            embed_queries(argv[1], argv[i], header, source);
    fputs("    QUERY_COUNT\n} QueryId;\n\n#endif\n", header);
    fputs("};\n\nconst Migration MIGRATIONS[] = {\n", source);
    size_t migrations = 0;
    for (int i = 3; i < argc; i++)
        if (strncmp(argv[i], "schema/", 7) == 0) {
            embed_schema(argv[1], argv[i], source);
            migrations++;
        }
    fprintf(source, "};\nconst size_t MIGRATION_COUNT = %zu;\n", migrations);
    if (fclose(header) != 0 || fclose(source) != 0)
        fail(argv[2], "cannot write");
    return 0;
}
