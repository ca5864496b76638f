using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text;

namespace DasAudit.Cli.Tests.Goldens;

/// <summary>
/// What the tool wrote when these files were made, in <c>Goldens/Expected</c>; pages are kept compressed. After a
/// change that is meant, renew them by running these tests with the environment variable
/// <c>DASAUDIT_RENEW_EXPECTED=1</c>, and look at what changed.
/// </summary>
internal static class Expected
{
    /// <summary>Another folder to renew the files in: to compare two builds.</summary>
    private const string OtherFolder = "DASAUDIT_GOLDEN_EXPECTED";

    private static readonly string OutputFolder = Path.Combine(AppContext.BaseDirectory, "Goldens", "Expected");

    public static bool Renews => Environment.GetEnvironmentVariable("DASAUDIT_RENEW_EXPECTED") == "1";

    /// <summary>Compares a text, or writes it down.</summary>
    /// <param name="name">Path below the folder; compressed if it ends in <c>.gz</c>.</param>
    /// <param name="actual">What the tool wrote.</param>
    public static void Equals(string name, string actual)
    {
        if (Renews)
            Write(name, actual);
        else if (Difference(name, actual) is { } difference)
            Assert.Fail(difference);
    }

    /// <summary>All that was written down.</summary>
    public static IEnumerable<string> Names() =>
        Directory
            .GetFiles(OutputFolder, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(OutputFolder, path));

    /// <summary>Reads a file as it was written down; null if there is none.</summary>
    public static string? Read(string name)
    {
        var path = Path.Combine(OutputFolder, name);
        if (!File.Exists(path))
            return null;
        if (!IsCompressed(name))
            return File.ReadAllText(path);
        using var file = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        using var reader = new StreamReader(file, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    /// <summary>The first line in which a text is not as it was written down; null if it is the same.</summary>
    private static string? Difference(string name, string actual)
    {
        var expected = Read(name);
        if (expected is null)
            return $"Nothing was written down for {name}; renew the expected files.";
        if (expected == actual)
            return null;
        var (before, now) = (expected.Split('\n'), actual.Split('\n'));
        var line = before.Zip(now).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"{name} differs in line {line + 1}:\n  expected: {At(before, line)}\n  actual:   {At(now, line)}";
    }

    private static string At(string[] lines, int line) => line < lines.Length ? lines[line] : "(no such line)";

    private static bool IsCompressed(string name) => name.EndsWith(".gz", StringComparison.Ordinal);

    private static void Write(string name, string text)
    {
        var path = Path.Combine(Environment.GetEnvironmentVariable(OtherFolder) ?? SourceFolder(), name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (!IsCompressed(name))
        {
            File.WriteAllText(path, text);
            return;
        }
        using var file = new GZipStream(File.Create(path), CompressionLevel.SmallestSize);
        file.Write(Encoding.UTF8.GetBytes(text));
    }

    private static string SourceFolder([CallerFilePath] string caller = "") =>
        Path.Combine(Path.GetDirectoryName(caller)!, "Expected");
}
