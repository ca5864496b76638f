using System.Globalization;
using System.Runtime.InteropServices;

namespace DasAudit.Cli.Tests.Goldens;

/// <summary>A file of embeddings as text, and its comparison: all exact but the numbers.</summary>
internal static class Embeddings
{
    private const int HashLength = 32;

    /// <summary>File name and encoder, then a line for each picture: the hash of its pixels and the numbers.</summary>
    public static string Text(string path)
    {
        var file = new TensorFile(path);
        var pixels = file.Data("pixels").ToArray();
        var embeddings = MemoryMarshal.Cast<byte, float>(file.Data("embeddings")).ToArray();
        var count = pixels.Length / HashLength;
        var dimension = embeddings.Length / count;
        var lines = Enumerable
            .Range(0, count)
            .Select(row =>
                Line(pixels.AsSpan(row * HashLength, HashLength), embeddings.AsSpan(row * dimension, dimension))
            );
        string[] all = [Path.GetFileName(path), file.Metadata("encoder"), .. lines];
        return string.Join('\n', all) + "\n";
    }

    /// <summary>The first difference; null if there is none.</summary>
    public static string? Difference(string expected, string actual, double tolerance)
    {
        var (before, now) = (Words(expected), Words(actual));
        if (before.Length != now.Length)
            return $"{before.Length} words became {now.Length}";
        for (var i = 0; i < before.Length; i++)
            if (!Same(before[i], now[i], tolerance))
                return $"word {i + 1} was {before[i]}, is {now[i]}";
        return null;
    }

    private static bool Same(string before, string now, double tolerance) =>
        before == now || (Number(before) is { } a && Number(now) is { } b && Math.Abs(a - b) <= tolerance);

    private static string Line(ReadOnlySpan<byte> pixels, ReadOnlySpan<float> embedding)
    {
        var words = embedding.ToArray().Select(number => number.ToString("R", CultureInfo.InvariantCulture));
        return $"{Convert.ToHexStringLower(pixels)} {string.Join(' ', words)}";
    }

    private static string[] Words(string text) => text.Split([' ', '\n']);

    private static double? Number(string word) =>
        word.Length < 20 && double.TryParse(word, CultureInfo.InvariantCulture, out var number) ? number : null;
}
