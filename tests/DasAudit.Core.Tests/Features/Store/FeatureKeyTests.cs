using System.Security.Cryptography;
using System.Text;
using DasAudit.Abstractions;
using DasAudit.Core.Features.Store;
using DasAudit.Core.Pictures;

namespace DasAudit.Core.Tests.Features.Store;

public class FeatureKeyTests
{
    [Fact]
    public void Pixels_label_and_caption_make_a_difference()
    {
        FeatureKey[] keys =
        [
            FeatureKey.Of("aa", null),
            FeatureKey.Of("ab", null),
            FeatureKey.Of("aa", new(null, null)),
            FeatureKey.Of("aa", new(0, null)),
            FeatureKey.Of("aa", new(1, null)),
            FeatureKey.Of("aa", new(null, "")),
            FeatureKey.Of("aa", new(null, "cat")),
            FeatureKey.Of("aa", null, ResizeMode.Squash),
            FeatureKey.Of("aa", null, ResizeMode.Pad),
            FeatureKey.Of("aa", null, ResizeMode.Bucket),
            FeatureKey.Of("aa", new(null, "cat") { Framing = new(8, 9, 0, 1) }),
            FeatureKey.Of("aa", new(null, "cat") { Framing = new(8, 9, 1, 0) }),
            FeatureKey.Of("aa", new(1, "cat")),
        ];
        Assert.Equal(keys.Length, keys.Distinct().Count());
        Assert.Equal(FeatureKey.Of("aa", new Condition(1, "cat")), keys[^1]);
    }

    [Fact]
    public void It_is_the_documented_hash_and_survives_bytes()
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes("aa\nlabel=3\ncaption=a cät"));
        var key = FeatureKey.Of("aa", new(3, "a cät"));
        Assert.Equal(Convert.ToHexStringLower(hash), key.ToString());
        Assert.Equal(key, FeatureKey.Read(hash));
        var bytes = new byte[FeatureKey.Length];
        key.Write(bytes);
        Assert.Equal(hash, bytes);
    }

    [Fact]
    public void The_size_of_a_bucket_ends_the_framing()
    {
        var text = "aa\nresize=bucket\nframing=8,9,1,0,16,24\nlabel\ncaption=cat"u8;
        var framing = new PictureFraming(8, 9, 1, 0) { TargetHeight = 16, TargetWidth = 24 };
        var key = FeatureKey.Of("aa", new(null, "cat") { Framing = framing }, ResizeMode.Bucket);
        Assert.Equal(FeatureKey.Read(SHA256.HashData(text)), key);
    }

    [Fact]
    public void Resizing_and_framing_stand_before_the_label()
    {
        var text = "aa\nresize=pad\nframing=8,9,1,0\nlabel\ncaption=cat"u8;
        var key = FeatureKey.Of("aa", new(null, "cat") { Framing = new(8, 9, 1, 0) }, ResizeMode.Pad);
        Assert.Equal(FeatureKey.Read(SHA256.HashData(text)), key);
    }
}
