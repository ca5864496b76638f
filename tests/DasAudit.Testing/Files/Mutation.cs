using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace DasAudit.Testing;

/// <summary>
/// Damages files as disks, networks and attackers do. The same seed gives the same damage.
/// <c>DASAUDIT_TEST_MUTATIONS</c> says how many times; CONTRIBUTING.md has the long form.
/// </summary>
internal static partial class Mutation
{
    private const int MostSteps = 3;

    private static readonly long[] Extremes =
    [
        0,
        -1,
        1,
        byte.MaxValue,
        ushort.MaxValue,
        int.MaxValue,
        int.MinValue,
        uint.MaxValue,
        long.MaxValue,
        long.MinValue,
    ];

    private static readonly string[] Values =
    [
        "-1",
        "0",
        "1e999",
        "0.5",
        "99999999999999999999",
        "2147483647",
        "null",
        "\"x\"",
        "\"\\ud800\"",
        "[]",
        "{}",
        "NaN",
        "true",
    ];

    private static readonly Func<byte[], Random, byte[]>[] Steps =
    [
        FlipBit,
        ReplaceByte,
        WriteExtreme,
        Truncate,
        CutOut,
        Repeat,
        Insert,
        Zero,
        ReplaceNumber,
        ReplaceNumber,
    ];

    /// <summary>How many damaged files of each kind a test tries; more for the long form.</summary>
    internal static int Count =>
        int.Parse(Environment.GetEnvironmentVariable("DASAUDIT_TEST_MUTATIONS") ?? "30", CultureInfo.InvariantCulture);

    internal static byte[] Of(byte[] sound, int seed)
    {
        var random = new Random(seed);
        var mutated = sound;
        var steps = random.Next(1, MostSteps + 1);
        for (var step = 0; step < steps && mutated.Length > 0; step++)
            mutated = Steps[random.Next(Steps.Length)](mutated, random);
        return mutated;
    }

    private static byte[] FlipBit(byte[] bytes, Random random)
    {
        var flipped = bytes.ToArray();
        flipped[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
        return flipped;
    }

    private static byte[] ReplaceByte(byte[] bytes, Random random)
    {
        var replaced = bytes.ToArray();
        replaced[random.Next(bytes.Length)] = (byte)random.Next(256);
        return replaced;
    }

    // Lengths, offsets and counts of binary formats are such numbers. Formats keep most of theirs near the beginning.
    private static byte[] WriteExtreme(byte[] bytes, Random random)
    {
        var written = bytes.ToArray();
        var number = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(number, Extremes[random.Next(Extremes.Length)]);
        var width = 1 << random.Next(4);
        var part = number[..width];
        if (random.Next(2) == 0)
            Array.Reverse(part);
        var end = random.Next(2) == 0 ? Math.Min(bytes.Length, 256) : bytes.Length;
        var start = random.Next(end);
        part.AsSpan(0, Math.Min(width, bytes.Length - start)).CopyTo(written.AsSpan(start));
        return written;
    }

    private static byte[] Truncate(byte[] bytes, Random random) => bytes[..random.Next(bytes.Length)];

    private static byte[] CutOut(byte[] bytes, Random random)
    {
        var (start, end) = Range(bytes, random);
        return [.. bytes[..start], .. bytes[end..]];
    }

    private static byte[] Repeat(byte[] bytes, Random random)
    {
        var (start, end) = Range(bytes, random);
        return [.. bytes[..end], .. bytes[start..]];
    }

    private static byte[] Insert(byte[] bytes, Random random)
    {
        var inserted = new byte[random.Next(1, 33)];
        random.NextBytes(inserted);
        var place = random.Next(bytes.Length + 1);
        return [.. bytes[..place], .. inserted, .. bytes[place..]];
    }

    private static byte[] Zero(byte[] bytes, Random random)
    {
        var (start, end) = Range(bytes, random);
        var zeroed = bytes.ToArray();
        zeroed.AsSpan(start, end - start).Clear();
        return zeroed;
    }

    private static byte[] ReplaceNumber(byte[] bytes, Random random)
    {
        var text = Encoding.Latin1.GetString(bytes);
        var numbers = Number().Matches(text);
        if (numbers.Count == 0)
            return FlipBit(bytes, random);
        var number = numbers[random.Next(numbers.Count)];
        var value = Values[random.Next(Values.Length)];
        return Encoding.Latin1.GetBytes($"{text[..number.Index]}{value}{text[(number.Index + number.Length)..]}");
    }

    private static (int Start, int End) Range(byte[] bytes, Random random)
    {
        var start = random.Next(bytes.Length);
        var length = random.Next(1, Math.Min(bytes.Length - start, 64) + 1);
        return (start, start + length);
    }

    [GeneratedRegex("[0-9]+|true|false|\"[a-z_0-9]+\"", RegexOptions.CultureInvariant)]
    private static partial Regex Number();
}
