namespace DasAudit.Core.Numerics;

/// <summary>Philox4x32-10 (Salmon et al., SC 2011): a keyed bijection of a 128-bit counter.</summary>
/// <remarks>A value follows from its position alone, so results cannot depend on batching, order or threads.</remarks>
internal static class Philox
{
    private const uint MultiplierA = 0xD2511F53;
    private const uint MultiplierB = 0xCD9E8D57;
    private const uint WeylA = 0x9E3779B9;
    private const uint WeylB = 0xBB67AE85;

    public static (uint A, uint B, uint C, uint D) Block(ulong key, uint a, uint b, uint c, uint d)
    {
        var k0 = (uint)key;
        var k1 = (uint)(key >> 32);
        for (var round = 0; round < 10; round++)
        {
            var productA = (ulong)MultiplierA * a;
            var productB = (ulong)MultiplierB * c;
            (a, b, c, d) = (
                (uint)(productB >> 32) ^ b ^ k0,
                (uint)productB,
                (uint)(productA >> 32) ^ d ^ k1,
                (uint)productA
            );
            k0 += WeylA;
            k1 += WeylB;
        }

        return (a, b, c, d);
    }
}
