using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace DasAudit.Cli.Tests.Goldens;

/// <summary>
/// Replaces in what the tool wrote only what differs between runs, machines or builds: ids, times, the build, the
/// environment, the folder of the run. Thumbnails are replaced by their hash. What an image encoder computed is
/// rounded, as ONNX Runtime follows the processor.
/// </summary>
internal static partial class Normaliser
{
    public static string Report(string text, string format, string folder) =>
        Plain(
            format switch
            {
                "json" => Json(text),
                "csv" => Csv(text),
                "md" => Markdown(text),
                "html" => Html(text),
                _ => text,
            },
            folder
        );

    /// <summary>Of what a command prints, JSON or for people.</summary>
    public static string Printed(string text, string folder)
    {
        text = Plain(Json(text), folder);
        text = MadeTerminal().Replace(text, "(time)");
        text = ReportTerminal().Replace(text, "$1(time), das-audit (version)");
        return TookTerminal().Replace(text, "$1(seconds)$2(threads)");
    }

    // Of any text: the folder, ids, the build.
    private static string Plain(string text, string folder)
    {
        text = text.Replace(folder, "(folder)", StringComparison.Ordinal);
        text = ReportId().Replace(text, "(id)");
        text = Commit().Replace(text, "(commit)");
        return FeatureFolderName().Replace(text, "$1(digest)");
    }

    private static string Json(string text)
    {
        text = CreatedJson().Replace(text, "$1\"(time)\"");
        text = ToolJson().Replace(text, "$1\"(version)\"$2\"(commit)\"");
        text = StringJson().Replace(text, "$1\"($2)\"");
        text = ThreadsJson().Replace(text, "$1(threads)");
        text = TimingsJson().Replace(text, timings => NumberJson().Replace(timings.Value, ": (seconds)"));
        if (ClipJson().IsMatch(text))
            text = ScoreJson().Replace(text, Round);
        return SimilarityJson().Replace(text, Round);
    }

    /// <summary>Of documents that say what was measured.</summary>
    public static string Measured(string text, string folder) =>
        Plain(MeasuredJson().Replace(text, "$1(measured)"), folder);

    private static string Csv(string text)
    {
        text = TimeCsv().Replace(text, "(time)");
        text = ScoreCsv().Replace(text, Round);
        return SimilarityCsv().Replace(text, Round);
    }

    private static string Markdown(string text)
    {
        text = AdapterMarkdown().Replace(text, "$1(version) |");
        text = HashMarkdown().Replace(text, "$1`(sha256)`");
        text = ProgramMarkdown().Replace(text, "$1(version) |");
        text = EnvironmentMarkdown().Replace(text, "$1($2) |");
        text = DeviceMarkdown().Replace(text, "$1(threads)");
        text = TimeMarkdown().Replace(text, "$1(seconds) |");
        return Footer(text);
    }

    private static string Html(string text)
    {
        text = Thumbnail().Replace(text, match => "sha256:" + Sha256(Convert.FromBase64String(match.Groups[1].Value)));
        text = AdapterHtml().Replace(text, "$1(version)");
        text = HashHtml().Replace(text, "$1(sha256)");
        text = ProgramHtml().Replace(text, "$1(version)");
        text = EnvironmentHtml().Replace(text, "$1($2)");
        text = DeviceHtml().Replace(text, "$1(threads)");
        text = TimeHtml().Replace(text, "$1(seconds)");
        return Footer(text);
    }

    private static string Footer(string text) =>
        FooterTime().Replace(FooterVersion().Replace(text, "das-audit (version) $1"), "(time)");

    private static string Round(Match match)
    {
        var number = double.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture);
        return match.Groups[1].Value + number.ToString("0.000", CultureInfo.InvariantCulture);
    }

    private static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    [GeneratedRegex(@"\b01[0-9A-HJKMNP-TV-Z]{24}\b")]
    private static partial Regex ReportId();

    [GeneratedRegex(@"\b[0-9a-f]{40}\b")]
    private static partial Regex Commit();

    [GeneratedRegex(@"(/features/)[0-9a-f]{16}\b")]
    private static partial Regex FeatureFolderName();

    [GeneratedRegex("(\"createdUtc\": )\"[^\"]*\"")]
    private static partial Regex CreatedJson();

    [GeneratedRegex("(\"tool\": \\{\\s*\"version\": )\"[^\"]*\"(,\\s*\"commit\": )\"[^\"]*\"")]
    private static partial Regex ToolJson();

    [GeneratedRegex("(\"(adapterVersion|adapterSha256|os|runtime|libtorch)\": )\"[^\"]*\"")]
    private static partial Regex StringJson();

    [GeneratedRegex("(\"threads\": )\\d+")]
    private static partial Regex ThreadsJson();

    [GeneratedRegex("\"timings\": \\{[^}]*\\}")]
    private static partial Regex TimingsJson();

    [GeneratedRegex(@": [0-9.eE+-]+")]
    private static partial Regex NumberJson();

    [GeneratedRegex("(\"similarity\": )(-?[0-9.eE+-]+)")]
    private static partial Regex SimilarityJson();

    // Scores of the encoder itself.
    [GeneratedRegex("\"id\": \"clip\"")]
    private static partial Regex ClipJson();

    [GeneratedRegex("(\"(?:score|share)\": )(-?[0-9.eE+-]+)")]
    private static partial Regex ScoreJson();

    [GeneratedRegex(@"(,clip,\d+,[^,]+,[0-9a-f]{64},)(-?[0-9.eE+-]+)")]
    private static partial Regex ScoreCsv();

    [GeneratedRegex("(\"(?:seconds|secondsPerPass|memoryBytes|diskBytes)\": )[0-9.eE+-]+")]
    private static partial Regex MeasuredJson();

    [GeneratedRegex(@"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")]
    private static partial Regex TimeCsv();

    // The column after item, sha256, score, standard_error and direction.
    [GeneratedRegex(@"(,[0-9a-f]{64},[^,\n]+,[^,\n]*,(?:-1|0|1),)(-?[0-9.]+(?:E-?\d+)?)(?=,)")]
    private static partial Regex SimilarityCsv();

    [GeneratedRegex(@"\b\d{4}-\d\d-\d\d \d\d:\d\d\b")]
    private static partial Regex MadeTerminal();

    [GeneratedRegex(@"^(report +\(id\), )[^\n]*$", RegexOptions.Multiline)]
    private static partial Regex ReportTerminal();

    [GeneratedRegex(@"^(took +)[^,\n]*(, on \w+, )[^\n]*$", RegexOptions.Multiline)]
    private static partial Regex TookTerminal();

    [GeneratedRegex(@"(\| Adapter \| \S+ )[^|\n]* \|")]
    private static partial Regex AdapterMarkdown();

    [GeneratedRegex(@"(\| SHA-256 of the (?:adapter|report) \| )`[0-9a-f]{64}`")]
    private static partial Regex HashMarkdown();

    [GeneratedRegex(@"(\| Made with \| das-audit )[^|\n]* \|")]
    private static partial Regex ProgramMarkdown();

    [GeneratedRegex(@"(\| (System|Runtime|libtorch) \| )[^|\n]* \|")]
    private static partial Regex EnvironmentMarkdown();

    [GeneratedRegex(@"(\| Device \| cpu, )\d+")]
    private static partial Regex DeviceMarkdown();

    [GeneratedRegex(@"(\| Time[^|\n]* \| )[^|\n]* \|")]
    private static partial Regex TimeMarkdown();

    [GeneratedRegex(@"data:image/png;base64,([A-Za-z0-9+/=]+)")]
    private static partial Regex Thumbnail();

    [GeneratedRegex(@"(<bdi>Adapter</bdi></th>\s*<td><bdi>[^ <]+ )[^<]*")]
    private static partial Regex AdapterHtml();

    [GeneratedRegex(@"(<bdi>SHA-256 of the (?:adapter|report)</bdi></th>\s*<td[^>]*><bdi>)[^<]*")]
    private static partial Regex HashHtml();

    [GeneratedRegex(@"(<bdi>Made with</bdi></th>\s*<td><bdi>das-audit )[^<]*")]
    private static partial Regex ProgramHtml();

    [GeneratedRegex(@"(<bdi>(System|Runtime|libtorch)</bdi></th>\s*<td><bdi>)[^<]*")]
    private static partial Regex EnvironmentHtml();

    [GeneratedRegex(@"(<bdi>Device</bdi></th>\s*<td><bdi>cpu, )\d+")]
    private static partial Regex DeviceHtml();

    [GeneratedRegex(@"(<bdi>Time[^<]*</bdi></th>\s*<td><bdi>)[^<]*")]
    private static partial Regex TimeHtml();

    [GeneratedRegex(@"das-audit \S+ (\(commit)")]
    private static partial Regex FooterVersion();

    [GeneratedRegex(@"\b\d{1,2} [A-Z][a-z]+ \d{4}, \d\d\\?:\d\d UTC")]
    private static partial Regex FooterTime();
}
