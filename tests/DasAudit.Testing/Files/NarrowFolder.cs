namespace DasAudit.Testing;

/// <summary>
/// A folder in which no new file can be made, whoever runs the tests: its path is so long that the name of a file being
/// written, with its ending of 37 characters, passes what the system allows, while the names of whole shards fit.
/// </summary>
internal static class NarrowFolder
{
    private const int LongestPath = 4095;
    private const int LongestName = 255;
    private const int Room = 40;

    /// <summary>Makes the folder and moves the files of another one there.</summary>
    /// <returns>Its absolute path.</returns>
    public static string Of(TempFolder folder, string source)
    {
        var path = folder.Path;
        while (path.Length < LongestPath - Room)
        {
            var missing = LongestPath - Room - path.Length - 1;
            path = Path.Combine(path, new string('n', Math.Clamp(missing, 1, LongestName)));
        }

        Directory.CreateDirectory(path);
        foreach (var file in Directory.GetFiles(source))
            File.Move(file, Path.Combine(path, Path.GetFileName(file)));
        return path;
    }
}
