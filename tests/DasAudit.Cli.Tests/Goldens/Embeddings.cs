using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace DasAudit.Cli.Tests.Goldens;

/// <summary>A file of embeddings as text, and its comparison: all exact but the numbers.</summary>
internal static class Embeddings
{
    private const int HeaderLength = 8 + HashLength + 8;
    private const int HashLength = 32;

    /// <summary>Name, header and end, then a line for each picture: the hash of its pixels and the numbers.</summary>
    public static string Text(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var dimension = BitConverter.ToInt32(bytes, HeaderLength - 8);
        var rows = BitConverter.ToInt32(bytes, HeaderLength - 4);
        var length = HashLength + sizeof(float) * dimension;
        var isWhole = bytes.Length == HeaderLength + rows * length + HashLength;
        var isSound = bytes.AsSpan(^HashLength..).SequenceEqual(SHA256.HashData(bytes.AsSpan(..^HashLength)));
        var lines = Enumerable.Range(0, rows).Select(row => Line(bytes.AsSpan(HeaderLength + row * length, length)));
        var header = Convert.ToHexStringLower(bytes.AsSpan(0, HeaderLength));
        string[] all = [Path.GetFileName(path), header, $"whole {isWhole}, sound {isSound}", .. lines];
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

    private static string Line(ReadOnlySpan<byte> row)
    {
        var numbers = MemoryMarshal.Cast<byte, float>(row[HashLength..]).ToArray();
        var words = numbers.Select(number => number.ToString("R", CultureInfo.InvariantCulture));
        return $"{Convert.ToHexStringLower(row[..HashLength])} {string.Join(' ', words)}";
    }

    private static string[] Words(string text) => text.Split([' ', '\n']);

    private static double? Number(string word) =>
        word.Length < 20 && double.TryParse(word, CultureInfo.InvariantCulture, out var number) ? number : null;
}
