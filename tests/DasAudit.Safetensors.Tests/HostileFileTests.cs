using System.Buffers.Binary;
using System.Text;
using DasAudit.Abstractions;
using DasAudit.Safetensors;

namespace DasAudit.Safetensors.Tests;

/// <summary>Files made to mislead a reader: each is refused with one sentence when it is opened.</summary>
public sealed class HostileFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", 0, "no valid JSON")]
    [InlineData("{", 0, "no valid JSON")]
    [InlineData("[]", 0, "no JSON object")]
    [InlineData("{}x", 0, "no valid JSON")]
    [InlineData("""{"\ud800":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4, "no valid JSON")]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"""
            + "\""
            + """a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""",
        8,
        "names 'a' twice"
    )]
    [InlineData("""{"__metadata__":{},"__metadata__":{}}""", 0, "names '__metadata__' twice")]
    [InlineData("""{"__metadata__":[]}""", 0, "metadata is no JSON object")]
    [InlineData("""{"__metadata__":{"a":1}}""", 0, "metadata 'a' is no text")]
    [InlineData("""{"a":7}""", 0, "entry of tensor 'a' is no JSON object")]
    [InlineData("""{"a":{"shape":[1],"data_offsets":[0,4]}}""", 4, "element type ''")]
    [InlineData("""{"a":{"dtype":3,"shape":[1],"data_offsets":[0,4]}}""", 4, "element type ''")]
    [InlineData("""{"a":{"dtype":"F32","data_offsets":[0,4]}}""", 4, "lacks the list 'shape'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1]}}""", 4, "lacks the list 'data_offsets'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "'shape' of tensor 'a'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", 4, "'shape' of tensor 'a'")]
    [InlineData("""{"a":{"dtype":"F32","shape":["1"],"data_offsets":[0,4]}}""", 4, "'shape' of tensor 'a'")]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,4]}}""",
        4,
        "'shape' of tensor 'a'"
    )]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}""", 8, "impossible data offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4, "impossible data offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}""", 4, "'data_offsets' of tensor 'a'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "does not fill its 4 bytes")]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}""",
        0,
        "does not fill its 0 bytes"
    )]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[0,4294967296,4294967296],"data_offsets":[0,0]}}""",
        0,
        "does not fill its 0 bytes"
    )]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[2305843009213693951],"data_offsets":[0,9223372036854775804]}}""",
        4,
        "ends in the middle of tensor 'a'"
    )]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[1],"data_offsets":[9223372036854775803,9223372036854775807]}}""",
        4,
        "impossible data offsets"
    )]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[1000],"data_offsets":[0,4000]}}""",
        4,
        "ends in the middle of tensor 'a'"
    )]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"""
            + "\""
            + """b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""",
        4,
        "overlap another tensor's"
    )]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"""
            + "\""
            + """b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""",
        8,
        "overlap another tensor's"
    )]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "come after a gap")]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""",
        9,
        "5 bytes at its end belong to no tensor"
    )]
    [InlineData("{}", 1, "1 bytes at its end belong to no tensor")]
    public void A_header_that_lies_is_refused(string header, int dataLength, string expected)
    {
        var json = Encoding.UTF8.GetBytes(header);

        AssertRefused(Write((ulong)json.Length, [.. json, .. new byte[dataLength]]), expected);
    }

    [Theory]
    [InlineData("F8_E4M3", 1)]
    [InlineData("F8_E5M2", 1)]
    [InlineData("U16", 2)]
    [InlineData("U64", 8)]
    public void A_valid_file_of_a_type_that_is_not_supported_is_not_called_damaged(string type, int size)
    {
        var header = $$$"""{"a":{"dtype":"{{{type}}}","shape":[1],"data_offsets":[0,{{{size}}}]}}""";
        var path = Write((ulong)header.Length, [.. Encoding.UTF8.GetBytes(header), .. new byte[size]]);

        Assert.Equal(
            $"'{path}' holds tensor 'a' of the element type '{type}', which is not supported; give the weights as F32, "
                + "F16 or BF16.",
            Assert.Throws<AuditException>(() => SafetensorsFile.Open(path)).Message
        );
    }

    [Fact]
    public void A_Git_LFS_pointer_is_called_one()
    {
        var path = _folder.Write(
            "pointer.safetensors",
            $"version https://git-lfs.github.com/spec/v1\noid sha256:{new string('a', 64)}\nsize 12345\n"
        );

        Assert.Equal(
            $"'{path}' is a Git LFS pointer, not the file itself; run 'git lfs pull' in its repository.",
            Assert.Throws<AuditException>(() => SafetensorsFile.Open(path)).Message
        );
        Assert.True(GitLfsPointer.IsFile(path));
        Assert.False(GitLfsPointer.IsFile(_folder.Path));
        Assert.False(GitLfsPointer.IsFile(_folder.Write("short", "version")));
    }

    [Theory]
    [InlineData(0UL, 0, "no valid JSON")]
    [InlineData(100UL, 10, "claims a header of 100 bytes")]
    [InlineData(100_000_001UL, 10, "claims a header of 100000001 bytes")]
    [InlineData(ulong.MaxValue, 10, "claims a header of 18446744073709551615 bytes")]
    [InlineData(9223372036854775808UL, 10, "claims a header of 9223372036854775808 bytes")]
    public void A_header_length_that_cannot_be_is_refused(ulong claimed, int length, string expected) =>
        AssertRefused(Write(claimed, new byte[length]), expected);

    [Theory]
    [InlineData("<!DOCTYPE html><html><body>Log in</body></html>", "it is a web page")]
    [InlineData("<html><body>Log in</body></html>", "it is a web page")]
    [InlineData("PK\u0003\u0004 and more than a header's length", "it is a zip file")]
    public void Another_format_is_named(string content, string expected) =>
        AssertRefused(_folder.Write("other", content), expected);

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void A_file_too_short_for_a_header_is_refused(int length)
    {
        var path = _folder["f"];
        File.WriteAllBytes(path, new byte[length]);

        AssertRefused(path, $"it has {length} bytes");
    }

    [Fact]
    public void More_dimensions_than_a_tensor_can_have_are_refused()
    {
        var json = Encoding.UTF8.GetBytes(
            """{"a":{"dtype":"F32","shape":[SHAPE],"data_offsets":[0,4]}}""".Replace(
                "SHAPE",
                string.Join(',', Enumerable.Repeat(1, 65)),
                StringComparison.Ordinal
            )
        );

        AssertRefused(Write((ulong)json.Length, [.. json, .. new byte[4]]), "65 dimensions");
    }

    [Fact]
    public void Deep_nesting_is_refused()
    {
        var json = Encoding.UTF8.GetBytes("{\"a\":" + new string('[', 100_000) + new string(']', 100_000) + "}");

        AssertRefused(Write((ulong)json.Length, json), "no valid JSON");
    }

    [Fact]
    public void Every_truncation_of_a_sound_file_is_refused()
    {
        var sound = File.ReadAllBytes(GoldenFiles.PathOf("ddpm-celeba-like/old-keys/golden.safetensors"));

        for (var length = 0; length < sound.Length; length += 997)
        {
            var path = _folder["f"];
            File.WriteAllBytes(path, sound[..length]);
            AssertRefused(path, "is no valid safetensors file");
        }
    }

    [Fact]
    public void Random_damage_to_the_header_is_refused_or_harmless()
    {
        var sound = File.ReadAllBytes(GoldenFiles.PathOf("ddpm-celeba-like/old-keys/golden.safetensors"));
        var headerLength = (int)BitConverter.ToInt64(sound);
        var random = new Random(1);
        var path = _folder["f"];
        for (var i = 0; i < 500; i++)
        {
            var damaged = (byte[])sound.Clone();
            for (var j = 0; j < 3; j++)
                damaged[random.Next(8 + headerLength)] = (byte)random.Next(256);
            File.WriteAllBytes(path, damaged);
            try
            {
                using var file = SafetensorsFile.Open(path);
                foreach (var name in file.Names)
                    file.Read(name).Dispose();
            }
            catch (AuditException)
            {
                // One sentence is all that may come of it.
            }
        }
    }

    private string Write(ulong headerLength, byte[] rest)
    {
        var bytes = new byte[8 + rest.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, headerLength);
        rest.CopyTo(bytes, 8);
        var path = _folder["f"];
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private static void AssertRefused(string path, string expected)
    {
        var message = Assert.Throws<AuditException>(() => SafetensorsFile.Open(path)).Message;
        Assert.Contains(path, message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }
}
