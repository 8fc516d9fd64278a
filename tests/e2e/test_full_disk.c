/* tests/e2e/test_full_disk.c: a full disk under the database, under what has to be unpacked, and
 * under a file that is written: whole or not at all, a message that says which disk, and the rerun
 * completes it once there is room. The home lies on a small disk of its own, which nobody outside
 * this program sees and which goes with it. The seed is printed, TALENT_TEST_SEED repeats it;
 * TALENT_TEST_ROUNDS makes as many times more rounds. */
#include "support/deeds.h"
#include "support/rounds.h"

#include "base/buffer.h"
#include "base/text.h"
#include "sql/private.h"
#include "support/sheets.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

/* Rounds in an ordinary run, of each kind; in the first one next to nothing is left. */
static const unsigned ROUNDS[DEED_COUNT] = {1, 1, 1, 1, 1, 0};

static void write_text(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd >= 0) {
        (void)!write(fd, text, strlen(text));
        close(fd);
    }
}

/* Mounts of our own: as root, or as an ordinary user who is root among his own. */
static bool own_mounts(void)
{
    char map[64];
    uid_t uid = geteuid();
    gid_t gid = getegid();
    if (unshare(uid == 0 ? CLONE_NEWNS : CLONE_NEWUSER | CLONE_NEWNS) != 0)
        return false;
    if (uid != 0) {
        write_text("/proc/self/setgroups", "deny");
        snprintf(map, sizeof map, "0 %u 1", uid);
        write_text("/proc/self/uid_map", map);
        snprintf(map, sizeof map, "0 %u 1", gid);
        write_text("/proc/self/gid_map", map);
    }
    return mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
}

static int setup(void **state)
{
    Err err = {0};
    unsetenv("TALENT_TEST_DATABASE");
    if (!own_mounts()) {
        print_message("SKIPPED: a small disk needs the right to mount one\n");
        return 0;
    }
    TestHome *home = test_home_new();
    *state = home;
    if (mount("tmpfs", home->dir, "tmpfs", MS_NOSUID | MS_NODEV, "size=420m,mode=0700") != 0)
        return -1;
    test_config(home, NULL);
    Context *context = &home->context;
    assert_ok(db_ready(&context->config, &context->db, &err), &err);
    assert_ok(sealer_open(arena_printf(context->arena, "%s/seal.key", home->dir), true,
                          &context->sealer, &err),
              &err);
    return 0;
}

static int teardown(void **state)
{
    TestHome *home = *state;
    Err err = {0};
    bool stopped;
    if (!home)
        return 0;
    Server server = test_private(home);
    db_close(home->context.db);
    home->context.db = NULL;
    assert_ok(private_stop(&server, &stopped, &err), &err);
    umount2(home->dir, MNT_DETACH);
    test_home_free(home);
    return 0;
}

static const char *path_of(TestHome *home, const char *name)
{
    return arena_printf(home->context.arena, "%s/%s", home->dir, name);
}

static void fill_disk(TestHome *home, unsigned left_kb)
{
    struct statvfs disk;
    assert_int_equal(statvfs(home->dir, &disk), 0);
    off_t left = (off_t)left_kb * 1024, has = (off_t)(disk.f_bavail * disk.f_frsize);
    int fd = open(path_of(home, "ballast"), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(posix_fallocate(fd, 0, has > left ? has - left : 4096), 0);
    close(fd);
}

/* Room again, and a connection to the server, which may have ended meanwhile. */
static void free_disk(TestHome *home)
{
    Err err = {0};
    assert_int_equal(unlink(path_of(home, "ballast")), 0);
    db_close(home->context.db);
    home->context.db = NULL;
    assert_ok(db_ready(&home->context.config, &home->context.db, &err), &err);
}

static void expect_explained(TestHome *home, const char *text)
{
    const char *disk = arena_printf(home->context.arena, "the disk of '%s'", home->dir);
    if (!strstr(text, disk) || !strstr(text, "hint: free "))
        fail_msg("not said what is full and what to do: %s", text);
}

static unsigned seed;

static unsigned deed_on_a_full_disk(TestHome *home, Deed *deed, unsigned left_kb)
{
    fill_disk(home, left_kb);
    TestOutput output = test_run(home, deed->words);
    free_disk(home);
    bool well = output.status == 0 || output.status == 3, done = deed_is_done(home, deed);
    if (!well)
        expect_explained(home, output.err);
    assert_true(well == done);
    deed_finish(home, deed);
    return !well;
}

static void a_full_disk_leaves_all_or_nothing(void **state)
{
    enum { NOTHING_KB = 16, LEFT_KB = 2500 };
    TestHome *home = *state;
    if (!home)
        skip();
    seed = test_seed();
    unsigned failed = 0, all = 0;
    for (DeedKind kind = 0; kind < DEED_COUNT; kind++) {
        Deed deed;
        if (ROUNDS[kind] == 0)
            continue;
        deed_learn(home, kind, &deed);
        for (unsigned i = 0; i < test_rounds(ROUNDS[kind]); i++, all++) {
            deed_prepare(home, kind, &deed);
            unsigned left_kb = i == 0 ? NOTHING_KB : (unsigned)rand_r(&seed) % LEFT_KB;
            failed += deed_on_a_full_disk(home, &deed, left_kb);
        }
    }
    print_message("%u of %u did not find room\n", failed, all);
    assert_true(failed > 0);
}

static void what_cannot_be_unpacked_says_where(void **state)
{
    enum { ROWS = 40000, LEFT_KB = 600 };
    TestHome *home = *state;
    if (!home)
        skip();
    test_reset(home);
    AUTO_BUFFER rows = BUFFER(1 << 24);
    buffer_text(&rows, "姓名,身份证号码,技能等级,工作单位\n");
    for (unsigned i = 0; i < ROWS; i++)
        buffer_text(&rows, "张伟,440524198001010013,高级工,某厂\n");
    SheetWorld world = {.arena = home->context.arena};
    snprintf(world.dir, sizeof world.dir, "%s", home->dir);
    const char *zip = sheets_zip(
        &world, "rows.zip", (ZipEntry[]){{.name = "rows.csv", .text = buffer_string(&rows)}, {0}});
    fill_disk(home, LEFT_KB);
    TestOutput output = TEST_RUN(home, "survey", "import", zip);
    free_disk(home);
    assert_int_equal(output.status, 1);
    const char *expected = arena_printf(
        home->context.arena, "cannot unpack into '%s': No space left on device", home->dir);
    assert_non_null(strstr(output.err, expected));
    assert_non_null(strstr(output.err, "hint: free some space on this disk"));
    assert_int_equal(test_number(home, "SELECT COUNT(*) FROM batch"), 0);
    json_decref(TEST_JSON(home, 0, "survey", "import", zip));
}

static void a_file_that_cannot_be_written_is_not_there(void **state)
{
    static const char *const NAMES[] = {"full.xlsx", "full.csv"};
    TestHome *home = *state;
    if (!home)
        skip();
    Deed deed;
    deed_learn(home, DEED_PLAIN, &deed);
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        const char *path = path_of(home, NAMES[i]);
        fill_disk(home, 8);
        TestOutput output = TEST_RUN(home, "survey", "problems", "-o", path);
        free_disk(home);
        assert_int_equal(output.status, 1);
        assert_non_null(
            strstr(output.err, arena_printf(home->context.arena, "cannot write '%s", path)));
        if (!strstr(output.err, "hint: free some space on this disk"))
            fail_msg("%s", output.err);
        assert_int_not_equal(access(path, F_OK), 0);
        assert_int_not_equal(access(arena_printf(home->context.arena, "%s.part", path), F_OK), 0);
        assert_int_equal(TEST_RUN(home, "survey", "problems", "-o", path).status, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_disk_leaves_all_or_nothing),
        cmocka_unit_test(what_cannot_be_unpacked_says_where),
        cmocka_unit_test(a_file_that_cannot_be_written_is_not_there),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
