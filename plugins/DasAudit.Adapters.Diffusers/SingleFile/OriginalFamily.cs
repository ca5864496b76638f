namespace DasAudit.Adapters.Diffusers.SingleFile;

/// <summary>Which models of Stable Diffusion share a way of naming their parts.</summary>
internal enum OriginalFamily
{
    /// <summary>1.x: one text encoder, CLIP.</summary>
    StableDiffusion1,

    /// <summary>2.x: one text encoder, OpenCLIP.</summary>
    StableDiffusion2,

    /// <summary>XL: both, of which the second also gives a pooled embedding.</summary>
    StableDiffusionXl,
}
