# people/characters.awk: makes the table of people/character.h from Unicode's Unihan files, given on standard input one
# after another: kMandarin (Unihan_Readings), kFourCornerCode and kPhonetic (Unihan_DictionaryLikeData), kTotalStrokes
# (Unihan_IRGSources), kSimplifiedVariant (Unihan_Variants). Works on bytes, so that any awk does.
BEGIN {
    FS = "\t"
    split("ā á ǎ à a|ō ó ǒ ò o|ē é ě è ê e|ī í ǐ ì i|ū ú ǔ ù u|ǖ ǘ ǚ ǜ ü v|ń ň ǹ n|ḿ m", groups, "|")
    for (g = 1; g in groups; g++) {
        count = split(groups[g], letters, " ")
        for (i = 1; i < count; i++) plain[letters[i]] = letters[count]
    }
    for (i = 0; i < 16; i++) digit[substr("0123456789ABCDEF", i + 1, 1)] = i
}

function hex(text,   number, i) {
    for (i = 1; i <= length(text); i++) number = number * 16 + digit[substr(text, i, 1)]
    return number
}

# A syllable without its tone as a number in base 27: "lu" is 12 * 27 + 21.
function sound_of(text,   number, letter, i) {
    for (letter in plain) gsub(letter, plain[letter], text)
    gsub(/[^a-z]/, "", text)
    for (i = 1; i <= length(text); i++) number = number * 27 + index("abcdefghijklmnopqrstuvwxyz", substr(text, i, 1))
    return number + 0
}

# "550A" is group 550, branch A.
function group_of(text) {
    return (text + 0) * 27 + index("ABCDEFGHIJKLMNOPQRSTUVWXYZ", substr(text, match(text, /[^0-9]/) ? RSTART : 99, 1))
}

/^U\+[34-9][0-9A-F][0-9A-F][0-9A-F]\t/ {
    code = substr($1, 3)
    count = split($3, values, " ")
    if ($2 == "kMandarin") { sound[code] = sound_of(values[1]); known[++known_count] = code }
    else if ($2 == "kFourCornerCode") corner[code] = substr(values[1], 1, 4) + 1
    else if ($2 == "kPhonetic") { first[code] = group_of(values[1]); last[code] = group_of(values[count]) }
    else if ($2 == "kTotalStrokes") strokes[code] = values[1]
    else if ($2 == "kSimplifiedVariant" && count == 1 && length(values[1]) == 6) simple[code] = substr(values[1], 3)
}

END {
    print "#include \"people/character.h\"\n\nconst Character CHARACTERS[] = {"
    for (i = 1; i <= known_count; i++) {
        code = known[i]
        printf "{0x%s, 0x%s, %d, {%d, %d}, %d, %d},\n", code, (code in simple) ? simple[code] : code, corner[code],
            first[code], last[code], strokes[code], sound[code]
    }
    printf "};\nconst size_t CHARACTER_COUNT = %d;\n", known_count
    if (known_count < 20000) exit 1
}
